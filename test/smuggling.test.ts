/** The corpus of smuggled requests against the listener alone. `test/clients/` has it behind nginx and HAProxy. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Application, type Listening, listen } from '../packages/portico/src/server/node.ts'
import { testInstance } from './support/instance.ts'
import { corpus, listeningFor, sendBytes } from './support/smuggling.ts'

let app: Application & { readonly targets: string[] }
let listening: Listening
before(async () => {
  app = listeningFor((await testInstance()).app)
  listening = await listen(app, { host: '127.0.0.1', port: 0 })
})
after(() => listening.close(0))

suite('the listener sees no second request in one with', () => {
  for (const { what, request } of corpus)
    test(what, async () => {
      app.targets.length = 0
      const answer = await sendBytes(listening.url, request, 150)
      assert.ok(!app.targets.includes('/smuggled'), answer)
      assert.ok(app.targets.length <= 1, `${app.targets.length} requests were seen: ${answer}`)
    })
})

test('a request that comes after another one on the same connection is seen, so that the tests above would notice', async () => {
  const one = `GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n`
  app.targets.length = 0
  await sendBytes(listening.url, `${one}${one}`, 150)
  assert.deepEqual(app.targets, ['/smuggled', '/smuggled'])
})
