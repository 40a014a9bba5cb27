/**
 * One measurement in a process of its own, printed as JSON.
 *
 *     measure.ts throughput <client> <signed|unsigned> <url> <calls> <concurrency>
 *     measure.ts cold <client|none> <url>
 *     measure.ts failures <url>
 *     measure.ts failure <client> <operation> <url>
 */
import { clients, load, type MakeCall, signedClients } from './clients.ts'
import type { Asking } from './failure-clients.ts'

const [what, ...args] = process.argv.slice(2)
if (what === 'throughput') console.log(JSON.stringify(await throughput(args)))
else if (what === 'cold') console.log(JSON.stringify(await cold(args)))
else if (what === 'failures') console.log(JSON.stringify(await failures(args)))
else if (what === 'failure') {
  console.log(JSON.stringify(await failure(args)))
  process.exit() // a client that waits would keep the process
}

/** What calls cost when everything is warm. */
export type Throughput = { cpuMicros: number; perSecond: number }
/** What a fresh process pays. */
export type Cold = { ms: number; rssKiB: number }
/** What a misbehaving service does to a client. */
export type Failure = { behaviour: string; error: string; ms: number; rssGrowthKiB: number }

/** What a caller of one client meets. `connects` counts the connections that were begun. */
export type Met = { outcome: string; ms: number; rssGrowthMiB: number; connects: number }

async function throughput([name = '', kind, url = '', count, width]: string[]): Promise<Throughput> {
  const call = await made(kind === 'signed' ? signedClients[name] : clients[name])(url)
  await times(2_000, 1, call) // until the compiler has done its work
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await times(Number(count), Number(width), call)
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMicros: (user + system) / Number(count), perSecond: Number(count) / seconds }
}

async function cold([name = '', url = '']: string[]): Promise<Cold> {
  const startedAt = performance.now()
  if (name !== 'none') await (await made(clients[name])(url))()
  return { ms: performance.now() - startedAt, rssKiB: process.resourceUsage().maxRSS }
}

async function failures([url = '']: string[]): Promise<Failure[]> {
  const { ssooidc } = await load()
  const timeoutMs = 300
  const found: Failure[] = []
  for (const behaviour of ['good', 'silent', 'drip', 'huge', 'endless', 'reset', 'found', 'truncated', 'page']) {
    const { createToken } = ssooidc({ endpoint: `${url}/${behaviour}`, timeoutMs })
    const ask = () =>
      createToken({ clientId: 'c', clientSecret: 's', grantType: 'refresh_token', refreshToken: 'r' }).then(
        () => 'none',
        (thrown: Error) => thrown.name,
      )
    const before = process.memoryUsage().rss
    const startedAt = performance.now()
    const error = await ask()
    found.push({
      behaviour,
      error,
      ms: performance.now() - startedAt,
      rssGrowthKiB: (process.memoryUsage().rss - before) / 1_024,
    })
  }
  return found.slice(1) // the good one only warmed up
}

async function failure([name = '', operation = '', url = '']: string[]): Promise<Met> {
  // Longer than any client's waits between attempts, and than anybody would watch.
  const patience = 10_000
  const { failureClients } = await import('./failure-clients.ts')
  const { Socket } = process.getBuiltinModule('node:net')
  const { connect } = Socket.prototype
  let connects = 0
  Socket.prototype.connect = new Proxy(connect, {
    apply: (target, socket, rest) => {
      connects++
      return Reflect.apply(target, socket, rest)
    },
  })
  const make = failureClients[name]
  if (make === undefined) throw new Error('no such client')
  const ask = (await make(url))[operation as keyof Asking]
  if (ask === undefined) return { outcome: '', ms: 0, rssGrowthMiB: 0, connects }
  const before = process.memoryUsage().rss
  const startedAt = performance.now()
  const waited = new Promise<string>((resolve) =>
    setTimeout(resolve, patience, `still waits after ${patience / 1_000} s`),
  )
  const outcome = await Promise.race([ask().then(() => 'an answer', saying), waited])
  const rssGrowthMiB = Math.max(0, process.resourceUsage().maxRSS / 1_024 - before / 2 ** 20)
  return { outcome, ms: performance.now() - startedAt, rssGrowthMiB, connects }
}

/** A reason by its name, and the first of its words. */
function saying(thrown: Error & { code?: unknown }): string {
  const code = typeof thrown.code === 'string' && !thrown.message.includes(thrown.code) ? ` (${thrown.code})` : ''
  const words = thrown.message.replaceAll(/\s+/g, ' ')
  return `${thrown.name}${code}: ${words === '' ? 'no text' : words.slice(0, 60)}`
}

function made(make: MakeCall | undefined): MakeCall {
  if (make === undefined) throw new Error('no such client')
  return make
}

async function times(count: number, width: number, call: () => Promise<unknown>): Promise<void> {
  let left = count
  const one = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: width }, one))
}
