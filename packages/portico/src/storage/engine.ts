/**
 * How a `Storage` is made of an engine: the parts that differ are where reads run, how a write becomes a durable commit, and
 * when to look for changes of others. All else, the transitions first, is the same for every engine.
 */

import type { Kysely } from 'kysely'
import type { Notices } from './notices.ts'
import type { Database } from './schema.ts'
import type { Change, Storage } from './storage.ts'
import type { Changed, Input, Name, Output } from './transitions/transition.ts'
import { transitions } from './transitions/transitions.ts'

/** What a committed write says: its output, and what it announced. */
export type Written = { output: unknown; changes: readonly Change[] }

/** What an engine brings. */
export interface Engine {
  /** Where reads run. It sees every write that has resolved. */
  read: Kysely<Database>
  /** Runs a write transition. Resolves when it is committed and durable; rejects when nothing of it stays. */
  write(name: Name, input: unknown): Promise<Written>
  notices: Notices
  /** Lets go of files and connections. Called once, when nothing runs any more. */
  close(): Promise<void>
}

/** Runs a write by its name, in the transaction or savepoint that `db` stands for. */
export async function runWrite(
  db: Kysely<Database>,
  name: Name,
  input: unknown,
  changed: Changed<Change>,
): Promise<unknown> {
  const transition = transitions[name]
  if (transition.mode !== 'write') throw new Error(`${name} is not a write`)
  // `createStorage` gives each name the input of that name.
  return await transition.run(db, input as never, changed)
}

/** Makes the door of an engine. */
export function createStorage(engine: Engine): Storage {
  const running = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined

  async function run<Of extends Name>(name: Of, input: Input<Of>): Promise<Output<Of>> {
    const transition = transitions[name]
    if (transition.mode === 'read') {
      if (!transition.snapshot) return await transition.run(engine.read, input)
      const transaction = engine.read.transaction().setIsolationLevel('repeatable read')
      return await transaction.execute((db) => transition.run(db, input))
    }
    const peeked = await transition.peek?.(engine.read, input)
    if (peeked !== undefined) return peeked
    const { output, changes } = await engine.write(name, input)
    await engine.notices.announce(changes)
    // The engine ran the transition of this name, so what it wrote down is that transition's output.
    return output as Output<Of>
  }

  const call = <Of extends Name>(name: Of, input: Input<Of>): Promise<Output<Of>> => {
    if (closed !== undefined) return Promise.reject(new Error(`the storage is closed: ${name}`))
    const promise = run(name, input)
    const done = () => running.delete(promise)
    running.add(promise)
    promise.then(done, done)
    return promise
  }

  async function close(): Promise<void> {
    while (running.size > 0) await Promise.allSettled(running)
    await engine.close()
  }

  const names = Object.keys(transitions) as Name[]
  // The table has every name, and `call` gives each the types that `Storage` derives from the same contract.
  const doors = Object.fromEntries(names.map((name) => [name, (input: never) => call(name, input)])) as Omit<
    Storage,
    'onChange' | 'close'
  >
  return Object.assign(doors, {
    onChange: engine.notices.onChange,
    close: () => {
      closed ??= close()
      return closed
    },
  }) as Storage
}
