/** The writer of a database in memory: the same batches as the thread's, on the caller's own connection. */

import type { Written } from '../engine.ts'
import { type Call, runBatch } from './batch.ts'
import type { Connection } from './database.ts'
import { answer, type Writer } from './writer.ts'

/** Runs writes on a connection that reads go through as well, and closes it. */
export function inlineWriter(connection: Connection): Writer {
  const waiting: { call: Call; caller: PromiseWithResolvers<Written> }[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0)
      const calls = batch.map(({ call }) => call)
      const replies = await runBatch(connection, calls)
      for (const [index, { caller }] of batch.entries()) answer(caller, replies[index])
    }
    running = undefined
  }

  return {
    write(name, input) {
      const caller = Promise.withResolvers<Written>()
      // A clone, as a thread would get one: what the caller does to its values afterwards is its own affair.
      waiting.push({ call: { name, input: structuredClone(input) }, caller })
      running ??= run()
      return caller.promise
    },
    async close() {
      await running
      connection.raw.close()
    },
  }
}
