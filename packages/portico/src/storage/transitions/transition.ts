/**
 * What a transition is to an engine: one asynchronous function over Kysely, marked as a read or a write. An engine runs a
 * write in a transaction of its own, or in a savepoint of a batch, and tells listeners what it announced once that is
 * committed. A transition opens no transaction, and whatever it throws undoes everything that it did.
 *
 * Values travel between threads, so inputs and outputs are plain data.
 */

import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import type { Change, Transitions } from '../storage.ts'

/** The name of a transition. */
export type Name = keyof Transitions

/**
 * Thrown by a write that has seen what it would do and shall not stand: all of it is undone, and `answer` is its output.
 * Whoever calls the storage never meets it.
 */
export class Undone extends Error {
  override name = 'Undone'
  readonly answer: string

  constructor(answer: string) {
    super(`undone: ${answer}`)
    this.answer = answer
  }
}

/** What a transition is given. */
export type Input<Of extends Name> = Parameters<Transitions[Of]>[0]

/** What a transition answers. */
export type Output<Of extends Name> = ReturnType<Transitions[Of]>

/** Notes what a write has changed. It takes only what the transition is declared to cause. */
export type Changed<Kind extends Change> = (kind: Kind) => void

/** A read. With `snapshot`, its statements must all see the same moment. */
export type Read<Of extends Name> = {
  mode: 'read'
  snapshot: boolean
  run(db: Kysely<Database>, input: Input<Of>): Promise<Output<Of>>
}

/** A write. `peek` may find the answer without writing; when it finds none it says undefined, and `run` must be asked. */
export type Write<Of extends Name> = {
  mode: 'write'
  peek: ((db: Kysely<Database>, input: Input<Of>) => Promise<Output<Of> | undefined>) | undefined
  run(db: Kysely<Database>, input: Input<Of>, changed: Changed<Change>): Promise<Output<Of>>
}

/** Any transition, as the table lists it. */
export type Transition<Of extends Name> = Read<Of> | Write<Of>

/** Declares a read. */
export function read<Of extends Name>(run: Read<Of>['run'], { snapshot = false } = {}): Read<Of> {
  return { mode: 'read', snapshot, run }
}

/** Declares a write, and by its type the only changes that it may announce. */
export function write<Of extends Name, Kind extends Change = never>(declared: {
  peek?: Write<Of>['peek']
  run(db: Kysely<Database>, input: Input<Of>, changed: Changed<Kind>): Promise<Output<Of>>
}): Write<Of> {
  const { peek, run } = declared
  return { mode: 'write', peek, run }
}
