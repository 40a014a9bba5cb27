/** Bytes on a connection: what the listener makes of them, and whether the application sees what was sent. */
import assert from 'node:assert/strict'
import { connect, isIP } from 'node:net'
import type { Bindings } from '../../../packages/portico/src/server/environment.ts'
import { type Listening, listen } from '../../../packages/portico/src/server/node.ts'
import smuggled from '../../corpora/smuggled-requests.json' with { type: 'json' }
import type { Target } from '../target.ts'

type Seen = Bindings & { request: Request; text: string }

let listening: Promise<Listening> | undefined
let seen: Seen[] = []

export const target: Target = {
  reads: 'HTTP as it arrives on a connection',
  promises:
    'As many answers as requests; each that is not refused has one reading: its target, host, headers and body are those of the `Request` and are in what was sent.',
  files: ['packages/portico/src/server/node.ts', 'packages/portico/src/server/raw-checks.ts'],
  seeds: [
    'GET /token?a=%20 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n\r\n',
    'POST /token HTTP/1.1\r\nHost: [::1]:8000\r\nContent-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /client/register HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /a/..;/b HTTP/1.0\r\n\r\n',
    ...smuggled.map(({ request }) => request.replaceAll('{host}', 'a')),
  ],
  words: [
    'HTTP/1.1',
    'HTTP/1.0',
    'HTTP/0.9',
    'Host: a',
    'Content-Length: ',
    'Transfer-Encoding: chunked',
    'Connection: close',
    '\r\n',
    '\r\n\r\n',
    '0\r\n\r\n',
    '/../',
    '%2e',
    'Expect: 100-continue',
    'Upgrade: h2c',
    'Authorization: a',
    'X-Forwarded-For: ',
  ],
  async check(input) {
    listening ??= listen({ fetch: answer }, { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'] })
    const { port } = await listening
    seen = []
    const said = await exchange(port, input)
    const answers = said.split(/(?=HTTP\/1\.1 \d{3} )/).filter((each) => each !== '')
    for (const each of answers) assert.match(each, /^HTTP\/1\.1 [1-5]\d\d [ -~]*\r\n/)
    const ours = answers.filter((each) => /\r\nx-answered: yes\r\n/i.test(each))
    // A connection that breaks takes the last answer with it.
    assert.ok(ours.length <= seen.length, `${ours.length} answers to ${seen.length} requests`)
    // Node.js takes several blanks behind a method for one.
    const lines = input.toString('latin1').replace(/ +/g, ' ')
    for (const { raw, fault, request, text } of seen) {
      assert.ok(raw !== undefined && isIP(raw.peerAddress) !== 0)
      assert.ok(lines.includes(`${raw.method} ${raw.target}`), 'a request that nobody sent')
      if (fault !== undefined) continue
      const { pathname, search, username, password, host } = new URL(request.url)
      assert.equal(`${username}${password}`, '')
      const read = search === '' && raw.target.endsWith('?') ? `${pathname}?` : pathname + search
      assert.equal(encoded(read), encoded(raw.target))
      const hosts = raw.headers
        .filter(([name]) => name.toLowerCase() === 'host')
        .map(([, value]) => value.toLowerCase())
      assert.equal(hosts.length, 1)
      assert.equal(new URL(`http://${hosts[0]}/`).host, host)
      assert.equal(request.method, raw.method)
      // What comes with a GET has no meaning, and a `Request` cannot hold it.
      if (!['GET', 'HEAD'].includes(raw.method)) assert.equal(text, Buffer.from(raw.body).toString('latin1'))
      for (const [name, value] of raw.headers) assert.ok(request.headers.get(name)?.includes(value.trim()), name)
    }
  },
  async end() {
    await (await listening)?.close(0)
  },
}

/** With those characters encoded that a URL may not hold; `Request` encodes some of them, some in the path only. */
function encoded(target: string): string {
  return target.replace(/["'<>^`{|}]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

async function answer(request: Request, bindings: Bindings = {}): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer())
  seen.push({ ...bindings, request, text: body.toString('latin1') })
  return new Response('answered', { headers: { 'x-answered': 'yes' } })
}

/** Sends the bytes and nothing more, and gives what comes back until the connection ends. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((done) => {
    let said = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes))
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      said += text
    })
    // A listener that goes away in the middle has refused.
    socket.on('error', () => {})
    socket.on('close', () => done(said))
  })
}
