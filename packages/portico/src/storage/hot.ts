/**
 * Statements that run on every poll and every refresh. Building one with Kysely costs more than SQLite needs to run it, so
 * they are built and compiled once for each dialect, with placeholders, and only bound afterwards.
 *
 * Not its job: preparing. Each engine keeps its prepared statements by their text.
 */

import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { Database, Value } from './schema.ts'

/**
 * Runs a compiled statement at once, without Kysely's way to a connection, which costs as much as the statement. Undefined
 * when the connection is busy with somebody's transaction: then it must be waited for.
 */
export type Direct = (sql: string, parameters: readonly unknown[]) => unknown[] | undefined

// By the adapter, which stands for the engine: a transaction has its own Kysely and the adapter of the one that began it.
const directly = new WeakMap<object, Direct>()

/** From now on the hot statements of this database run like this. */
export function runHotDirectly(db: Kysely<Database>, direct: Direct): void {
  directly.set(db.getExecutor().adapter, direct)
}

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
  const compiled = new WeakMap<object, { query: CompiledQuery<Result>; bind: (values: Values) => readonly unknown[] }>()
  return async (db, values) => {
    const { adapter } = db.getExecutor()
    let statement = compiled.get(adapter)
    if (statement === undefined) {
      const query = build(db, placeholders).compile()
      const slots = query.parameters.map((parameter) => {
        const name = typeof parameter === 'object' && parameter !== null ? names.get(parameter) : undefined
        return name === undefined ? { parameter } : { name }
      })
      const bind = (given: Values) => slots.map(({ name, parameter }) => (name === undefined ? parameter : given[name]))
      statement = { query, bind }
      compiled.set(adapter, statement)
    }
    const parameters = statement.bind(values)
    const atOnce = directly.get(adapter)?.(statement.query.sql, parameters)
    // What Kysely would make of the rows: there are no plugins.
    if (atOnce !== undefined) return atOnce as Result[]
    const { rows } = await db.executeQuery<Result>({ ...statement.query, parameters })
    return rows
  }
}
