/** The corpus of smuggled requests against the listener alone. `test/clients/` has it behind nginx and HAProxy. */
import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { type Application, listen } from '../packages/portico/src/server/node.ts'
import { testInstance } from './support/instance.ts'
import { corpus, listeningFor, sendBytes } from './support/smuggling.ts'

let app: Application
before(async () => {
  app = (await testInstance()).app
})

/** A listener for one test alone: what another test sent, and this machine came to late, is none of its requests. */
async function listener() {
  const { targets, ...listened } = listeningFor(app)
  const listening = await listen(listened, { host: '127.0.0.1', port: 0 })
  return { url: listening.url, targets, [Symbol.asyncDispose]: () => listening.close(0) }
}

suite('the listener sees no second request in one with', () => {
  for (const { what, request } of corpus)
    test(what, async () => {
      await using alone = await listener()
      const answer = await sendBytes(alone.url, request, 150)
      assert.ok(!alone.targets.includes('/smuggled'), answer)
      assert.ok(alone.targets.length <= 1, `${alone.targets.length} requests were seen: ${answer}`)
    })
})

test('a request that comes after another one on the same connection is seen, so that the tests above would notice', async () => {
  await using alone = await listener()
  const one = 'GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n'
  // The last one asks for the end of the connection, which comes when both are answered, however long that takes.
  const last = 'GET /smuggled HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n'
  await sendBytes(alone.url, one + last, 60_000)
  assert.deepEqual(alone.targets, ['/smuggled', '/smuggled'])
})
