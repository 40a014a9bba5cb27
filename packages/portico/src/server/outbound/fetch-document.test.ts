import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite, test } from 'node:test'
import { fetchDocument } from './fetch-document.ts'

// Longer than any machine needs: only what never ends is to run into it, and gets less.
const options = { mostBytes: 1_000, timeout: 60_000, allowPrivate: true }

suite('a document of another server', () => {
  test('is fetched when it is JSON', async () => {
    await using server = await serving((_, response) => response.end('{"a":1}'))
    assert.deepEqual(await fetchDocument(server.url, options), { a: 1 })
  })

  test('is refused when it is no JSON, too long, elsewhere, or never ends', async () => {
    for (const listener of [
      (_, response) => response.end('<html>'),
      (_, response) => response.end(`"${'x'.repeat(1_000)}"`),
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end('{}'),
      (_, response) => response.writeHead(500).end('{}'),
      (_, response) => response.write('['),
    ] satisfies RequestListener[]) {
      await using server = await serving(listener)
      await assert.rejects(fetchDocument(server.url, { ...options, timeout: 300 }))
    }
  })

  test('is not asked for inside a private network, unless an administrator named the host', async () => {
    await using server = await serving((_, response) => response.end('{}'))
    const closed = { ...options, allowPrivate: false }
    await assert.rejects(fetchDocument(server.url, closed), /is not asked/)
    await assert.rejects(fetchDocument(server.url.replace('127.0.0.1', 'localhost'), closed), /is not asked/)
    for (const host of ['10.0.0.1', '192.168.1.1', '[::1]', '[::ffff:10.0.0.1]', '[fd00::1]', '100.64.0.1'])
      await assert.rejects(fetchDocument(`http://${host}/`, closed), /is not asked/)
  })

  test('is never asked for where only this machine’s own link is', async () => {
    for (const host of ['169.254.169.254', '0.0.0.0', '224.0.0.1', '[fe80::1]', '[::]', '[::ffff:169.254.169.254]'])
      await assert.rejects(fetchDocument(`http://${host}/latest/meta-data`, options), /is not asked/, host)
  })
})

async function serving(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
