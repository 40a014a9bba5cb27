/**
 * Requests that an HTTP parser lets through and that two readers might read differently, sent over a bare socket to the
 * listener; and what the listener does with what is too large, too slow or cut off.
 */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { type Listening, listen } from '../packages/portico/src/server/node.ts'
import { type TestInstance, testInstance } from './support/instance.ts'

let instance: TestInstance
let listening: Listening

before(async () => {
  instance = await testInstance()
  listening = await listen(instance.app, { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'] })
})
after(() => listening.close(0))

const host = 'Host: 127.0.0.1:8000'

suite('the listener refuses, in the form of the service that is nearest, a request', () => {
  for (const [what, text, says] of [
    ['in absolute form', `GET http://127.0.0.1/token HTTP/1.1\r\n${host}\r\n\r\n`, /path on this origin/],
    [
      'for another host in absolute form',
      `GET http://evil.example/ HTTP/1.1\r\n${host}\r\n\r\n`,
      /path on this origin/,
    ],
    ['for no path', `OPTIONS * HTTP/1.1\r\n${host}\r\n\r\n`, /path on this origin/],
    ['for two slashes', `GET //evil.example/ HTTP/1.1\r\n${host}\r\n\r\n`, /path on this origin/],
    ['of HTTP/0.9', 'GET /token\r\n\r\n', /HTTP\/0\.9/],
    ['without a host', 'GET /token HTTP/1.1\r\n\r\n', /no Host header/],
    ['of HTTP/1.0 without a host', 'GET /token HTTP/1.0\r\n\r\n', /no Host header/],
    ['with two hosts', `GET /token HTTP/1.1\r\n${host}\r\nhost: evil.example\r\n\r\n`, /host is given twice/],
    ['with a host that is none', 'GET /token HTTP/1.1\r\nHost: a/b@c\r\n\r\n', /host name or address/],
    ['with an empty host', 'GET /token HTTP/1.1\r\nHost:\r\n\r\n', /host name or address/],
    ['with dots', `GET /x/../token HTTP/1.1\r\n${host}\r\n\r\n`, /dot segment/],
    ['with one dot', `GET /./token HTTP/1.1\r\n${host}\r\n\r\n`, /dot segment/],
    ['with encoded dots', `GET /x/%2e%2E/token HTTP/1.1\r\n${host}\r\n\r\n`, /dot segment/],
    ['with dots and a parameter', `GET /x/..;/token HTTP/1.1\r\n${host}\r\n\r\n`, /dot segment/],
    ['with an encoded slash', `GET /client%2fregister HTTP/1.1\r\n${host}\r\n\r\n`, /encoded character/],
    ['with an encoded zero', `GET /token%00 HTTP/1.1\r\n${host}\r\n\r\n`, /encoded character/],
    ['with a backslash', `GET /client\\register HTTP/1.1\r\n${host}\r\n\r\n`, /percent-encoded/],
    ['with a percent sign that encodes nothing', `GET /token?a=%zz HTTP/1.1\r\n${host}\r\n\r\n`, /percent sign/],
    ['with a fragment', `GET /token#x HTTP/1.1\r\n${host}\r\n\r\n`, /percent-encoded/],
    ...[
      'Authorization',
      'X-Amz-Date',
      'X-Amz-Security-Token',
      'X-Amz-Content-Sha256',
      'x-amz-sso_bearer_token',
      'X-Amz-Target',
      'Cookie',
      'Content-Type',
      'Origin',
    ].map(
      (name) =>
        [
          `with ${name} twice`,
          `GET /token HTTP/1.1\r\n${host}\r\n${name}: a\r\n${name.toLowerCase()}: b\r\n\r\n`,
          /is given twice/,
        ] as const,
    ),
  ] as const) {
    test(what, async () => {
      const { status, headers, body } = await send(text)
      assert.equal(status, 400, body)
      assert.equal(headers.get('x-amzn-errortype'), 'InvalidRequestException')
      assert.match(headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
      assert.equal(headers.get('connection'), 'close')
      assert.match(JSON.parse(body).message, says)
    })
  }

  test('for the portal in the portal’s form', async () => {
    const bearer = 'x-amz-sso_bearer_token: a\r\nX-Amz-SSO_Bearer_Token: b'
    const { status, body } = await send(`GET /assignment/accounts HTTP/1.1\r\n${host}\r\n${bearer}\r\n\r\n`)
    assert.equal(status, 400)
    assert.equal(JSON.parse(body).__type, 'com.amazonaws.switchboard.portal#InvalidRequestException')
  })

  test('for sts in XML', async () => {
    const { status, body } = await send(`POST / HTTP/1.1\r\n${host}\r\nX-Amz-Date: a\r\nX-Amz-Date: b\r\n\r\n`)
    assert.equal(status, 400)
    assert.match(body, /^<.*<Error>/s)
  })
})

suite('a body', () => {
  const large = 'x'.repeat(65_537)

  test('over the limit is answered 413 in the service’s form, whether or not it says its length', async () => {
    const chunked = `Transfer-Encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`
    for (const [path, type] of [
      ['/token', 'error'],
      ['/logout', '__type'],
    ] as const)
      for (const rest of [`Content-Length: ${large.length}\r\n\r\n${large}`, chunked]) {
        const { status, headers, body } = await send(`POST ${path} HTTP/1.1\r\n${host}\r\n${rest}`)
        assert.equal(status, 413)
        assert.equal(headers.get('x-amzn-errortype'), 'RequestTooLargeException')
        assert.ok(headers.get('x-amzn-requestid'))
        assert.ok(type in JSON.parse(body))
      }
    // The process still answers.
    assert.equal((await fetch(`${listening.url}/token`, { method: 'POST', body: '{}' })).status, 400)
  })

  test('far over the limit reaches clients as an answer, not as a broken connection', async () => {
    const response = await fetch(`${listening.url}/token`, { method: 'POST', body: 'x'.repeat(3_000_000) })
    assert.equal(response.status, 413)
  })

  test('at the limit is read', async () => {
    const body = JSON.stringify({ clientName: 'cli', clientType: 'public', x: '' })
    const padded = body.replace('"x":""', `"x":"${'y'.repeat(65_536 - body.length)}"`)
    assert.equal(padded.length, 65_536)
    const response = await fetch(`${listening.url}/client/register`, { method: 'POST', body: padded })
    assert.equal(response.status, 200)
  })

  test('that breaks off takes nothing else with it', async () => {
    const socket = connect(listening.port, '127.0.0.1')
    await new Promise<void>((resolve) => {
      socket.write(`POST /token HTTP/1.1\r\n${host}\r\nContent-Length: 100\r\n\r\n{`, () => {
        socket.destroy()
        resolve()
      })
    })
    assert.equal((await fetch(`${listening.url}/token`, { method: 'POST', body: '{}' })).status, 400)
  })
})

suite('a forwarded address', () => {
  const register = (port: number, forwarded: string) =>
    fetch(`http://127.0.0.1:${port}/client/register`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-forwarded-for': forwarded },
    })
  const peerOf = async (port: number, forwarded: string) => {
    await (await register(port, forwarded)).text()
    return instance.log.at(-1)?.fields.peer
  }

  test('counts when a trusted proxy says it: the last that is not a proxy itself', async () => {
    assert.equal(await peerOf(listening.port, '198.51.100.7'), '198.51.100.7')
    assert.equal(await peerOf(listening.port, '203.0.113.9, 198.51.100.7'), '198.51.100.7')
    assert.equal(await peerOf(listening.port, '198.51.100.7, 127.0.0.1'), '198.51.100.7')
    assert.equal(await peerOf(listening.port, '::ffff:198.51.100.7'), '198.51.100.7')
    for (const nonsense of ['unknown', '198.51.100.7, x', ''])
      assert.equal(await peerOf(listening.port, nonsense), '127.0.0.1')
  })

  test('counts for nothing from anybody else', async () => {
    const open = await listen(instance.app, { host: '127.0.0.1', port: 0 })
    try {
      assert.equal(await peerOf(open.port, '198.51.100.7'), '127.0.0.1')
    } finally {
      await open.close(0)
    }
  })
})

test('a listener that closes finishes what it has begun', async () => {
  const own = await listen(instance.app, { host: '127.0.0.1', port: 0 })
  const answer = fetch(`${own.url}/client/register`, {
    method: 'POST',
    body: '{"clientName":"a","clientType":"public"}',
  })
  const { status } = await answer
  await own.close(1_000)
  assert.equal(status, 200)
  await assert.rejects(fetch(own.url))
})

test('an address that is taken is an error of the system, not a crash', async () => {
  await assert.rejects(listen(instance.app, { host: '127.0.0.1', port: listening.port }), { code: 'EADDRINUSE' })
})

type Raw = { status: number; headers: Map<string, string>; body: string }

/** Sends bytes as they are, and reads the one answer. */
function send(text: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const socket = connect(listening.port, '127.0.0.1')
    let received = ''
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      received += chunk
      const answer = parse(received)
      if (answer === undefined) return
      socket.destroy()
      resolve(answer)
    })
    socket.on('close', () => reject(new Error(`closed after: ${received}`)))
    socket.write(text)
  })
}

function parse(text: string): Raw | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [line = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map(
    lines.map((each) => {
      const at = each.indexOf(':')
      return [each.slice(0, at).toLowerCase(), each.slice(at + 1).trim()] as const
    }),
  )
  const body = text.slice(end + 4)
  if (body.length < Number(headers.get('content-length'))) return undefined
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1])
  return { status, headers, body }
}
