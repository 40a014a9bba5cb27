/** How the client reaches a service from Node.js: connections, certificates, proxies. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type ClientOptions, GRANT_TYPES, sso, ssooidc } from 'ssooidc'
import { certificate, privateKey } from './certificate.ts'

const none = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const token = { accessToken: 'at', tokenType: 'Bearer', expiresIn: 3600 }
const redeem = { clientId: 'id', clientSecret: 's', grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc' } as const

const folder = mkdtempSync(join(tmpdir(), 'ssooidc-transport-'))
const caBundle = join(folder, 'ca.pem')
writeFileSync(caBundle, certificate)

type Seen = { url: string | undefined; headers: IncomingHttpHeaders; port: number | undefined }
const seen: Seen[] = []
const answer: RequestListener = (request, response) => {
  seen.push({ url: request.url, headers: request.headers, port: request.socket.remotePort })
  request.resume().on('end', () => response.end(JSON.stringify(token)))
}
const plain = createServer(answer)
const secure = createSecureServer({ key: privateKey, cert: certificate }, answer)

/** A proxy that notes what it was asked for. */
const asked: { line: string; authorization: string | undefined }[] = []
const proxy = createServer((request, response) => {
  asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers['proxy-authorization'] })
  response.end(JSON.stringify(token))
})
proxy.on('connect', ({ url = '', headers }, socket) => {
  asked.push({ line: `CONNECT ${url}`, authorization: headers['proxy-authorization'] })
  if (headers['proxy-authorization'] === 'Basic d3Jvbmc6Og==') {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    return
  }
  const [host, port] = url.split(':')
  const onward = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    onward.pipe(socket).pipe(onward)
  })
  onward.on('error', () => socket.destroy())
  socket.on('error', () => onward.destroy())
})

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const ports = { plain: 0, secure: 0, proxy: 0 }
before(async () => {
  for (const [name, server] of Object.entries({ plain, secure, proxy }))
    ports[name as keyof typeof ports] = await listen(server)
})
after(() => {
  rmSync(folder, { recursive: true })
  for (const server of [plain, secure, proxy]) {
    server.closeAllConnections()
    server.close()
  }
})

const client = (options: ClientOptions) => {
  seen.length = 0
  asked.length = 0
  return ssooidc({ env: none, ...options })
}
const http = () => `http://127.0.0.1:${ports.plain}`
const https = () => `https://127.0.0.1:${ports.secure}`

describe('a connection', () => {
  it('is kept for the next call, and closed when the client is disposed of', async () => {
    {
      await using service = client({ endpoint: http() })
      await service.createToken(redeem)
      await service.createToken(redeem)
      const [first, second] = seen
      assert.equal(first?.port, second?.port)
      assert.equal(first?.headers.connection, 'keep-alive')
    }
    const open = await new Promise((resolve) => plain.getConnections((_, count) => resolve(count)))
    assert.ok(open === 0 || open === 1) // the close may still be on its way
  })

  it('is closed after each call when keepAlive is false', async () => {
    const { createToken } = client({ endpoint: http(), keepAlive: false })
    await createToken(redeem)
    await createToken(redeem)
    const [first, second] = seen
    assert.notEqual(first?.port, second?.port)
    assert.equal(first?.headers.connection, 'close')
  })

  it('that does not come about ends after connectTimeoutMs, as one that was never made', async () => {
    // Accepts, and never begins TLS.
    const mute = createSocketServer((socket) => socket.on('error', () => {}))
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const endpoint = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`
    const { createToken } = client({ endpoint, connectTimeoutMs: 50, maxAttempts: 1 })
    await assert.rejects(createToken(redeem), {
      name: 'ConnectionError',
      message: /no connection within 50 ms/,
      retrySafe: true,
    })
    mute.close()
  })

  it('keeps the path of an endpoint before that of the operation', async () => {
    await client({ endpoint: `${http()}/prefix/` }).createToken(redeem)
    assert.equal(seen[0]?.url, '/prefix/token')
  })

  it('carries a POST without a body with its length', async () => {
    seen.length = 0
    await sso({ env: none, endpoint: http() }).logout({ accessToken: 'at' })
    assert.equal(seen[0]?.headers['content-length'], '0')
  })
})

describe('a certificate', () => {
  it('that nobody trusts is refused, with the reason', async () => {
    await assert.rejects(client({ endpoint: https(), maxAttempts: 1 }).createToken(redeem), {
      name: 'ConnectionError',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
  })

  it('in the caBundle is trusted, whether an option, the environment or a file names it', async () => {
    await client({ endpoint: https(), caBundle }).createToken(redeem)
    await client({ endpoint: https(), env: { ...none, AWS_CA_BUNDLE: caBundle } }).createToken(redeem)
    const config = join(folder, 'config')
    writeFileSync(config, `[default]\nca_bundle = ${caBundle}\n`)
    await client({ endpoint: https(), env: { ...none, AWS_CONFIG_FILE: config } }).createToken(redeem)
  })

  it('bundle that does not exist is refused when the client is made', () => {
    const missing = join(folder, 'missing.pem')
    assert.throws(() => client({ endpoint: https(), caBundle: missing }), {
      name: 'ConfigError',
      message: `caBundle cannot be read: ENOENT ${missing}`,
    })
  })
})

describe('a proxy', () => {
  const address = () => `http://127.0.0.1:${ports.proxy}`

  it('is asked to tunnel to an https endpoint, with the name and password in its URL', async () => {
    const httpsProxy = `http://user:p%40ss@127.0.0.1:${ports.proxy}`
    await client({ endpoint: https(), caBundle, httpsProxy }).createToken(redeem)
    assert.deepEqual(asked, [
      { line: `CONNECT 127.0.0.1:${ports.secure}`, authorization: `Basic ${btoa('user:p@ss')}` },
    ])
    assert.equal(seen.length, 1)
  })

  it('is asked for the whole URL of an http endpoint', async () => {
    await client({ endpoint: 'http://sso.example', allowInsecure: true, httpProxy: address() }).createToken(redeem)
    assert.deepEqual(
      asked.map(({ line }) => line),
      ['POST http://sso.example/token'],
    )
  })

  it('is found in the environment, and NO_PROXY names who is asked directly', async () => {
    const env = { ...none, HTTPS_PROXY: address() }
    await client({ endpoint: https(), caBundle, env }).createToken(redeem)
    assert.equal(asked.length, 1)
    for (const NO_PROXY of ['*', '127.0.0.1', `example.com, 127.0.0.1:${ports.secure}`]) {
      await client({ endpoint: https(), caBundle, env: { ...env, NO_PROXY } }).createToken(redeem)
      assert.equal(asked.length, 0, NO_PROXY)
    }
    for (const NO_PROXY of ['27.0.0.1', '127.0.0.1:1', 'example.com']) {
      await client({ endpoint: https(), caBundle, env: { ...env, NO_PROXY } }).createToken(redeem)
      assert.equal(asked.length, 1, NO_PROXY)
    }
  })

  it('never sees what goes to this machine over plain http', async () => {
    await client({ endpoint: http(), httpProxy: address() }).createToken(redeem)
    await client({ endpoint: http(), env: { ...none, HTTP_PROXY: address() } }).createToken(redeem)
    assert.deepEqual([asked.length, seen.length], [0, 1])
  })

  it('that refuses is named in a ConnectionError', async () => {
    const httpsProxy = `http://wrong::@127.0.0.1:${ports.proxy}`
    await assert.rejects(client({ endpoint: https(), httpsProxy, maxAttempts: 1 }).createToken(redeem), {
      name: 'ConnectionError',
      message: /the proxy answered 407/,
    })
  })

  it('must be a URL', () => {
    assert.throws(() => client({ endpoint: https(), httpsProxy: 'socks5://127.0.0.1:1' }), {
      name: 'ConfigError',
      message: 'a proxy must be a URL that begins with http:// or https://',
    })
    assert.throws(() => client({ endpoint: https(), httpsProxy: 'http://user:100%@127.0.0.1:1' }), {
      name: 'ConfigError',
      message: /^the user name and password of a proxy must be percent-encoded/,
    })
  })
})
