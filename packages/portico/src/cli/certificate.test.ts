import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { connect } from 'node:tls'
import { certificate, privateKey } from '../../../../test/client/certificate.ts'
import { workplace } from '../../../../test/support/workplace.ts'
import { readCertificate } from './certificate.ts'
import { exitCodes } from './failure.ts'

/** Asks for the start page over TLS; answers who the server says it is, and the status line. */
async function ask(port: number, ca: string): Promise<[name: unknown, status: string]> {
  const socket = connect({ host: '127.0.0.1', port, ca })
  await once(socket, 'secureConnect')
  const name = socket.getPeerCertificate().subject.CN
  socket.end(`GET /start HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return [name, answer.split('\r\n', 1)[0] ?? '']
}

describe('portico serve with a certificate', () => {
  test('speaks TLS under an https origin, and greets with another certificate once the files change', async () => {
    await using place = workplace()
    place.write('cert.pem', certificate)
    place.write('key.pem', privateKey)
    const server = await place.serve('--tls-cert', 'cert.pem', '--tls-key', 'key.pem')
    assert.match(server.said.startUrl, /^https:\/\/127\.0\.0\.1:\d+\/start$/)
    const port = Number(new URL(server.said.url).port)
    assert.deepEqual(await ask(port, certificate), ['ssooidc test', 'HTTP/1.1 303 See Other'])

    // Half of a new pair is none: the certificate before stays until the other half is there.
    place.write('cert.pem', renewedCertificate)
    await server.says(/the certificate was not renewed/)
    assert.equal((await ask(port, certificate))[0], 'ssooidc test')
    place.write('key.pem', renewedKey)
    const until = Date.now() + 60_000
    let name: unknown
    while (name !== 'portico renewed' && Date.now() < until) [name] = await ask(port, certificate + renewedCertificate)
    assert.equal(name, 'portico renewed')
    assert.equal(await server.stop(), 0)
  })

  test('does not start with half a pair, or with two files that do not belong together', async () => {
    await using place = workplace()
    place.write('cert.pem', certificate)
    place.write('key.pem', renewedKey)
    const refused = (...args: string[]) => {
      const { code, err } = place.run(['serve', '--port', '0', ...args])
      assert.equal(code, exitCodes.configuration)
      return err
    }
    assert.match(refused('--tls-cert', 'cert.pem'), /takes both files/)
    assert.match(refused('--tls-cert', 'cert.pem', '--tls-key', 'key.pem'), /no certificate with its key/)
    assert.equal(readCertificate({ tlsCert: undefined, tlsKey: undefined }), undefined)
  })
})

const renewedCertificate = `-----BEGIN CERTIFICATE-----
MIIBpjCCAU2gAwIBAgIUA4scWudCLBBHNSWmmpEnx16jQN0wCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPcG9ydGljbyByZW5ld2VkMCAXDTI2MTEyNDEyMTI1NFoYDzIx
MjYxMDMxMTIxMjU0WjAaMRgwFgYDVQQDDA9wb3J0aWNvIHJlbmV3ZWQwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASNlPz3+MnRBzk8oHWgn384HD90ybiUXOcC9wkj
dB5dOYknZ+tmlPaVuoVBmbzAakzamDMlT8Z0bNrs3DKPVrDko28wbTAdBgNVHQ4E
FgQUzlly4dZ4yjZQ8d3LrbwIVxc0YhwwHwYDVR0jBBgwFoAUzlly4dZ4yjZQ8d3L
rbwIVxc0YhwwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
BH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgAMbjY8a/Qe5bf/2e+a73r3lP5yDxVwSa
tPbjI+2g7loCIFYPuc5+GlbgUn0DiqXslgn0an4FZ6k6Lxx7K7i9OYo8
-----END CERTIFICATE-----
`

const renewedKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIOxB+HYJ4OUwIevq
1MpsJDqDVfrg51AgUFuNPFeNrC2hRANCAASNlPz3+MnRBzk8oHWgn384HD90ybiU
XOcC9wkjdB5dOYknZ+tmlPaVuoVBmbzAakzamDMlT8Z0bNrs3DKPVrDk
-----END PRIVATE KEY-----
`
