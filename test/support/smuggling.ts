/**
 * Sends the corpus of smuggled requests: each hides a request for `/smuggled` where some reader would not look for one. Two
 * readers in a row that disagree would let a stranger's request be answered as somebody else's.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Application } from '../../packages/portico/src/server/node.ts'
import corpus from '../corpora/smuggled-requests.json' with { type: 'json' }

export { corpus }

/** An application that remembers the targets of the requests which reached it. */
export function listeningFor(app: Application): Application & { readonly targets: string[] } {
  const targets: string[] = []
  return {
    targets,
    fetch(request, bindings) {
      // What the listener refused as bytes was not taken for a request.
      if (bindings?.fault === undefined) targets.push(bindings?.raw?.target ?? '')
      return app.fetch(request, bindings)
    },
  }
}

/** Writes the bytes to an address and gives back all that comes until the other side, or patience, ends. */
export async function sendBytes(url: string, request: string, patienceMs = 300): Promise<string> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
  })
  // A connection that is reset is an answer, too.
  const closed = once(socket, 'close').catch(() => undefined)
  socket.on('error', () => undefined)
  socket.setTimeout(patienceMs, () => socket.destroy())
  socket.write(Buffer.from(request.replaceAll('{host}', host), 'utf8'))
  await closed
  return answer
}
