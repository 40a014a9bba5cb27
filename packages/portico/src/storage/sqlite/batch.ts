/**
 * How writes run on SQLite: a batch of transitions, one after another, each in a savepoint, and one commit for all. Syncing
 * is what a commit costs, so sixty-four callers that wait for the same one are served about as fast as one.
 */

import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import { runWrite, type Written } from '../engine.ts'
import type { Database } from '../schema.ts'
import type { Change } from '../storage.ts'
import type { Name } from '../transitions/transition.ts'
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
      const replies: Reply[] = []
      for (const call of calls) replies.push(await runInSavepoint(raw, held, call))
      raw.exec('commit')
      return replies
    } catch (error) {
      if (raw.isTransaction) raw.exec('rollback')
      return calls.map(() => ({ ok: false, error }))
    }
  })
}

async function runInSavepoint(raw: DatabaseSync, db: Kysely<Database>, call: Call): Promise<Reply> {
  raw.exec('savepoint call')
  try {
    const changes = new Set<Change>()
    const output = await runWrite(db, call.name, call.input, (kind) => changes.add(kind))
    raw.exec('release call')
    return { ok: true, output, changes: [...changes] }
  } catch (error) {
    // On a full disk SQLite undoes the whole transaction by itself: then there is nothing to go back to.
    if (!raw.isTransaction) throw error
    raw.exec('rollback to call; release call')
    return { ok: false, error }
  }
}
