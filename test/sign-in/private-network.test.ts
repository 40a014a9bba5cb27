/** Commands that look at a server before anybody signs in there, where a company has its own certificates and a proxy. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { certificate, privateKey } from '../client/certificate.ts'
import { portico } from './command.ts'
import { type Home, makeHome } from './home.ts'

const alias = 'https://ssoins-0123456789abcdef.portico.invalid.awsapps.com/start'
const registration = { clientId: 'id', clientSecret: 's', clientIdIssuedAt: 1, clientSecretExpiresAt: 2 }

/** As much of a Portico as is looked at. */
const secure = createSecureServer({ cert: certificate, key: privateKey }, (request, response) => {
  if (request.method === 'HEAD') response.writeHead(302, { location: alias }).end()
  else request.resume().on('end', () => response.end(JSON.stringify(registration)))
})
const tunnels: string[] = []
const proxy = createServer().on('connect', ({ url = '' }, socket) => {
  tunnels.push(url)
  const onward = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    onward.pipe(socket).pipe(onward)
  })
  onward.on('error', () => socket.destroy())
  socket.on('error', () => onward.destroy())
})

const listen = async (server: Server) => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
let port: number
let proxyPort: number
let home: Home
let env: { AWS_CA_BUNDLE: string }
before(async () => {
  ;[port, proxyPort, home] = await Promise.all([listen(secure), listen(proxy), makeHome()])
  env = { AWS_CA_BUNDLE: join(home.folder, 'ca.pem') }
  await writeFile(env.AWS_CA_BUNDLE, certificate)
})
after(async () => {
  secure.closeAllConnections()
  secure.close()
  proxy.close()
  await home?.[Symbol.asyncDispose]()
})

describe('a server that only a company’s own certificates vouch for', () => {
  test('is set up with AWS_CA_BUNDLE, as it is signed in to', async () => {
    const args = ['configure', 'session', 'work', '--start-url', `https://127.0.0.1:${port}`]
    const { code, stderr } = await portico(home, args, { env })
    assert.equal(code, 0, stderr)
    assert.match(await readFile(join(home.folder, '.aws/config'), 'utf8'), new RegExp(`sso_start_url = ${alias}`))
  })

  test('is looked at with AWS_CA_BUNDLE', async () => {
    const { code, stdout } = await portico(home, ['doctor', '--server', `https://127.0.0.1:${port}`], { env })
    assert.equal(code, 0, stdout)
  })

  test('is not trusted without it, and it is said what to set', async () => {
    const server = `https://127.0.0.1:${port}`
    const configured = await portico(home, ['configure', 'session', 'work', '--start-url', server])
    const login = await portico(home, ['login', server])
    for (const { code, stderr } of [configured, login]) {
      assert.equal(code, 6)
      assert.match(stderr, /its certificate is not trusted here .* AWS_CA_BUNDLE/)
    }
    const { stdout } = await portico(home, ['doctor', '--server', server])
    assert.match(stdout, /PROBLEM {2}connection .*AWS_CA_BUNDLE/)
  })

  test('a bundle that is not there is named', async () => {
    const args = ['configure', 'session', 'work', '--start-url', `https://127.0.0.1:${port}`]
    const { code, stderr } = await portico(home, args, { env: { AWS_CA_BUNDLE: '/nowhere.pem' } })
    assert.equal(code, 7)
    assert.match(stderr, /cannot be read: ENOENT \/nowhere\.pem/)
  })

  test('is found through the proxy that is set', async () => {
    const args = ['doctor', '--server', `https://localhost:${port}`]
    for (const address of [`http://127.0.0.1:${proxyPort}`, `127.0.0.1:${proxyPort}`]) {
      tunnels.length = 0
      const { code, stdout } = await portico(home, args, { env: { ...env, HTTPS_PROXY: address } })
      assert.equal(code, 0, stdout)
      // To look at its clock, at its start URL, and to register: each a connection of its own.
      assert.deepEqual(tunnels, Array(3).fill(`localhost:${port}`))
    }
  })
})

test('where no TLS is spoken, that is what is said, in no library’s words', async () => {
  const args = ['configure', 'session', 'work', '--start-url', `https://127.0.0.1:${proxyPort}`]
  const { code, stderr } = await portico(home, args)
  assert.equal(code, 6)
  assert.match(stderr, /no TLS is spoken at 127\.0\.0\.1:\d+; is https:\/\/ right, and the port\?/)
  assert.doesNotMatch(stderr, /openssl/)
})

test('where nobody listens, doctor says so and asks what may be wrong', async () => {
  const { code, stdout } = await portico(home, ['doctor', '--server', 'http://127.0.0.1:9'])
  assert.equal(code, 1)
  assert.match(stdout, /PROBLEM {2}connection .*nothing listens at 127\.0\.0\.1:9 .* is the address right/)
})
