/** A server under measurement: what its process tells the benchmark, and is asked by it. */

/** Sessions that each contender holds, and so refreshes in one round. */
export const SESSIONS = 4_000

/** Devices that wait for their person, and poll in turn. */
export const DEVICES = 500

/**
 * Rounds before those that count: by then each contender's code is compiled, as that of a server that runs all day. Each round
 * ages the sessions by two minutes, and device codes live for ten.
 */
export const WARM_UPS = 2

/** Rounds that there are sessions for, those that warm up included. */
export const ROUNDS = 3 + WARM_UPS

/** The operations that are measured, and how one of each looks on the wire for this server. */
export type Ready = {
  port: number
  /** Requests by operation, to be sent in turn. */
  requests: Record<string, readonly string[]>
  /** The status that says the operation did its work. */
  expected: Record<string, number>
}

/** Announces the server, then answers `cpu` with the process's CPU time and `age` by making its sessions older. */
export function announce(ready: Ready, age: () => void = () => undefined): void {
  process.on('message', (message) => {
    if (message === 'age') age()
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuMicroseconds: user + system })
  })
  process.send?.(ready)
}

/** A request as text. */
export function request(
  port: number,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): string {
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    ...headers,
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  })
  return `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`
}

/** A POST of JSON. */
export function postJson(port: number, target: string, body: object): string {
  return request(port, 'POST', target, { 'content-type': 'application/json' }, JSON.stringify(body))
}
