/**
 * The load, from a process of its own: keep-alive connections that each send one request after another and wait for its
 * answer. Sockets and little else, so that what is measured is the server.
 */
import { connect, type Socket } from 'node:net'

/** What to send: the texts in turn, until `count` were answered. */
export type Job = { port: number; requests: readonly string[]; count: number; connections: number }

/**
 * What came back. `statuses` counts answers by HTTP status, `bytes` is the mean length of one, headers included, and the
 * percentiles are of the waiting, in milliseconds.
 */
export type Report = { seconds: number; statuses: Record<string, number>; bytes: number; p50: number; p99: number }

process.on('message', (job: Job) => {
  run(job).then(
    (report) => process.send?.(report),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function run({ port, requests, count, connections }: Job): Promise<Report> {
  const statuses: Record<string, number> = {}
  const waits: number[] = []
  let bytes = 0
  let next = 0
  const take = () => (next < count ? requests[next++ % requests.length] : undefined)
  const started = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      const answers = answersOf(socket)
      for (let request = take(); request !== undefined; request = take()) {
        const sent = performance.now()
        socket.write(request)
        const { status, length } = await answers()
        bytes += length
        waits.push(performance.now() - sent)
        statuses[status] = (statuses[status] ?? 0) + 1
      }
      socket.destroy()
    }),
  )
  const seconds = (performance.now() - started) / 1000
  waits.sort((a, b) => a - b)
  const percentile = (share: number) => waits[Math.floor(waits.length * share)] ?? 0
  return { seconds, statuses, bytes: bytes / count, p50: percentile(0.5), p99: percentile(0.99) }
}

type Answer = { status: string; length: number }

// Answers must say their length; every server measured here does.
function answersOf(socket: Socket): () => Promise<Answer> {
  let buffered = ''
  let waiting: ((answer: Answer) => void) | undefined
  const look = () => {
    const end = buffered.indexOf('\r\n\r\n')
    if (end < 0 || waiting === undefined) return
    const length = /content-length: *(\d+)/i.exec(buffered.slice(0, end))?.[1]
    if (length === undefined) throw new Error(`an answer without its length: ${buffered.slice(0, 200)}`)
    const whole = end + 4 + Number(length)
    if (buffered.length < whole) return
    const status = buffered.slice(9, 12)
    buffered = buffered.slice(whole)
    const answer = waiting
    waiting = undefined
    answer({ status, length: whole })
  }
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    buffered += chunk
    look()
  })
  return () =>
    new Promise((resolve) => {
      waiting = resolve
      look()
    })
}
