/** A Portico in memory behind a real port, for programs that are processes of their own, with a count of what they ask. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestInstance } from '../support/instance.ts'

/** The port, and how often each path was asked for. */
export type Served = { readonly url: string; readonly asked: Map<string, number> } & AsyncDisposable

/** Serves an instance on a port that the system chooses. */
export async function serve({ origin, fetch }: TestInstance): Promise<Served> {
  const asked = new Map<string, number>()
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin)
    asked.set(pathname, (asked.get(pathname) ?? 0) + 1)
    const body = await text(request)
    const answer = await fetch(
      new Request(new URL(request.url ?? '/', origin), {
        method: request.method ?? 'GET',
        headers: Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
          typeof value === 'string' ? [[name, value]] : [],
        ),
        ...(body === '' ? {} : { body }),
      }),
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(await answer.text())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo // it listens on an address, not on a pipe
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
