/**
 * Statements that run on every poll and every refresh. Building one with Kysely costs more than SQLite needs to run it, so
 * they are built and compiled once for each dialect, with placeholders, and only bound afterwards.
 *
 * Not its job: preparing. Each engine keeps its prepared statements by their text.
 */

import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { Database, Value } from './schema.ts'

/** A statement that is compiled already: give it a database and the values of its placeholders. */
export type Hot<Values, Result> = (db: Kysely<Database>, values: Values) => Promise<Result[]>

/**
 * Makes a hot statement of a function that builds one. The function must treat its values as opaque: it runs once, and
 * what it is given are placeholders.
 */
export function hot<Values extends { readonly [Name in keyof Values]: Value }, Result>(
  build: (db: Kysely<Database>, values: Values) => Compilable<Result>,
): Hot<Values, Result> {
  const names = new WeakMap<object, keyof Values>()
  // Kysely passes an object that it does not know on to the parameters untouched, so one may pose as any value.
  const placeholders = new Proxy({} as Values, {
    get(_, name) {
      const placeholder = {}
      names.set(placeholder, name as keyof Values)
      return placeholder
    },
  })
  // The adapter stands for the dialect: a transaction has its own Kysely and the adapter of the one that began it.
  const compiled = new WeakMap<object, CompiledQuery<Result>>()
  return async (db, values) => {
    const { adapter } = db.getExecutor()
    let query = compiled.get(adapter)
    if (query === undefined) {
      query = build(db, placeholders).compile()
      compiled.set(adapter, query)
    }
    const parameters = query.parameters.map((parameter) => {
      const name = typeof parameter === 'object' && parameter !== null ? names.get(parameter) : undefined
      return name === undefined ? parameter : values[name]
    })
    const { rows } = await db.executeQuery<Result>({ ...query, parameters })
    return rows
  }
}
