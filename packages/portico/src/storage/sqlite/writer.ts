/**
 * The one place that writes to a database file: a thread of its own, so that no sync ever blocks the event loop. It is told
 * names and values, never SQL. This module is both ends of it: `startWriter` for the thread that asks, and, run as a
 * worker, the thread itself.
 *
 * A batch is whatever waited while the last one was committing. There is no timer: a lone caller never waits for company.
 * What is asked within one turn of the event loop travels in one message, since a message costs as much as a write.
 */

import {
  isMainThread,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  Worker,
  workerData,
} from 'node:worker_threads'
import type { Engine, Written } from '../engine.ts'
import { type Call, type Reply, runBatch } from './batch.ts'
import { connect } from './database.ts'

/** Whatever runs writes. Closing finishes what was asked before. */
export type Writer = Pick<Engine, 'write' | 'close'>

/** Starts a writer thread for a database that has been prepared. */
export function startWriter(path: string): Writer {
  // No flag of this process is meant for the thread, and some (`--input-type`) would keep it from starting.
  const worker = new Worker(new URL(import.meta.url), { workerData: { [marker]: path }, execArgv: [] })
  // The thread answers in the order in which it was asked.
  const waiting: PromiseWithResolvers<Written>[] = []
  const asked: Call[] = []
  const exited = Promise.withResolvers<void>()
  let stopped: Error | undefined

  const stop = (cause: unknown) => {
    stopped ??= new Error('the thread that writes to the database has stopped; restart the server', { cause })
    for (const caller of waiting.splice(0)) caller.reject(stopped)
  }
  worker.on('message', (replies: readonly Reply[]) => {
    for (const [index, caller] of waiting.splice(0, replies.length).entries()) answer(caller, replies[index])
    if (waiting.length === 0) worker.unref()
  })
  worker.on('error', stop)
  worker.on('exit', (code) => {
    stop(new Error(`it exited with ${code}`))
    exited.resolve()
  })
  worker.unref()
  const send = () => {
    if (asked.length > 0) worker.postMessage(asked.splice(0))
  }

  return {
    write(name, input) {
      if (stopped !== undefined) return Promise.reject(stopped)
      if (asked.length === 0) setImmediate(send)
      asked.push({ name, input })
      // The thread keeps the process alive exactly as long as somebody waits for it.
      if (waiting.length === 0) worker.ref()
      const caller = Promise.withResolvers<Written>()
      waiting.push(caller)
      return caller.promise
    },
    async close() {
      worker.ref()
      send()
      worker.postMessage(closing)
      await exited.promise
    },
  }
}

/** Gives a caller its reply. */
export function answer(caller: PromiseWithResolvers<Written>, reply: Reply | undefined): void {
  if (reply?.ok) caller.resolve(reply)
  else caller.reject(reply?.error)
}

const marker = 'porticoWriter'
const closing = 'close'

function serve(port: MessagePort, path: string): void {
  const connection = connect(path, { alone: true })
  const calls: Call[] = []
  let busy = false
  let ending = false

  const take = (message: readonly Call[] | typeof closing) => {
    if (message === closing) ending = true
    else calls.push(...message)
  }
  // What arrived during a commit has not been delivered as an event yet: it is fetched, not awaited.
  const takeWaiting = () => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
      take(next.message)
  }
  port.on('message', async (message: readonly Call[] | typeof closing) => {
    take(message)
    if (busy) return
    busy = true
    takeWaiting()
    while (calls.length > 0) {
      port.postMessage(await runBatch(connection, calls.splice(0)))
      takeWaiting()
    }
    busy = false
    if (!ending) return
    connection.raw.close()
    port.close()
  })
}

const path = isMainThread ? undefined : workerData?.[marker]
if (parentPort !== null && typeof path === 'string') serve(parentPort, path)
