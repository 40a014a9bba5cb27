/**
 * How writes run on SQLite: a batch of transitions, one after another, and one commit for all. Syncing is what a commit
 * costs, so sixty-four callers that wait for the same one are served about as fast as one.
 *
 * Hardly ever does a transition fail. Only when one does is the batch undone and run again with a savepoint around each, so
 * that the others stand; transitions depend on nothing but their input and the database.
 */

import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import { runWrite, type Written } from '../engine.ts'
import type { Database } from '../schema.ts'
import type { Change } from '../storage.ts'
import { type Name, Undone } from '../transitions/transition.ts'
import type { Connection } from './database.ts'

/** One transition that somebody waits for: a name and values, never SQL. */
export type Call = { name: Name; input: unknown }

/** What became of a call, once it was committed or undone. */
export type Reply = ({ ok: true } & Written) | { ok: false; error: unknown }

/**
 * Runs the calls and commits. An error in one undoes that one alone; when the commit fails, all have failed. Nothing is
 * replied before it is durable.
 * Replies are in the order of the calls.
 */
export async function runBatch({ raw, db }: Connection, calls: readonly Call[]): Promise<Reply[]> {
  // Holding Kysely's connection keeps reads that share it, in memory, out of the open transaction.
  return await db.connection().execute(async (held) => {
    try {
      raw.exec('begin immediate')
      const replies = (await runTogether(held, calls)) ?? (await runApart(raw, held, calls))
      raw.exec('commit')
      return replies
    } catch (error) {
      if (raw.isTransaction) raw.exec('rollback')
      return calls.map(() => ({ ok: false, error }))
    }
  })
}

/** Undefined as soon as one fails. */
async function runTogether(db: Kysely<Database>, calls: readonly Call[]): Promise<Reply[] | undefined> {
  const replies: Reply[] = []
  try {
    for (const call of calls) replies.push(await run(db, call))
    return replies
  } catch {
    return undefined
  }
}

async function runApart(raw: DatabaseSync, db: Kysely<Database>, calls: readonly Call[]): Promise<Reply[]> {
  if (raw.isTransaction) raw.exec('rollback')
  raw.exec('begin immediate')
  const replies: Reply[] = []
  for (const call of calls) replies.push(await runInSavepoint(raw, db, call))
  return replies
}

async function run(db: Kysely<Database>, { name, input }: Call): Promise<Reply> {
  const changes = new Set<Change>()
  const output = await runWrite(db, name, input, (kind) => changes.add(kind))
  return { ok: true, output, changes: [...changes] }
}

async function runInSavepoint(raw: DatabaseSync, db: Kysely<Database>, call: Call): Promise<Reply> {
  raw.exec('savepoint call')
  try {
    const reply = await run(db, call)
    raw.exec('release call')
    return reply
  } catch (error) {
    // On a full disk SQLite undoes the whole transaction by itself: then there is nothing to go back to.
    if (!raw.isTransaction) throw error
    raw.exec('rollback to call; release call')
    return error instanceof Undone ? { ok: true, output: error.answer, changes: [] } : { ok: false, error }
  }
}
