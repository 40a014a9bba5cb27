/** The contract of a broker, executable: every broker passes it, our own and anybody else's. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import type { Broker, RoleCredentialsRequest } from './credentials.ts'

/** A moment to issue at, for brokers whose clock can be set. */
const morning = Date.UTC(2026, 10, 24, 9)

/**
 * Declares the tests of a broker with `node:test`.
 *
 * @param make opens a broker for each test
 * @param clock what time it is; for a broker that asks a service with a clock of its own, `Date.now`
 */
export function testBroker(
  name: string,
  make: () => Broker | Promise<Broker>,
  clock: () => number = () => morning,
): void {
  suite(`broker ${name}`, () => {
    test('has a name that an account can say', async () => {
      assert.match((await make()).name, /^[a-z0-9][a-z0-9-]*$/)
    })

    test('issues credentials in the form that AWS SDKs take', async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await (await make()).issue(requestOf({}), clock())
      assert.match(accessKeyId, /^\w{16,128}$/)
      assert.match(secretAccessKey, /^[\x21-\x7e]{16,}$/)
      // It travels in a header, of which servers read some 16 KiB in all.
      assert.match(sessionToken, /^[\x21-\x7e]{1,4096}$/)
    })

    test('issues credentials that live, and no longer than asked', async () => {
      for (const sessionDuration of [900, 3600, 43_200]) {
        const now = clock()
        const { expiresAt } = await (await make()).issue(requestOf({ sessionDuration }), now)
        assert.ok(Number.isSafeInteger(expiresAt))
        assert.ok(expiresAt > now && expiresAt <= now + sessionDuration * 1000)
      }
    })

    test('issues no credentials twice, not even to callers at the same moment', async () => {
      const broker = await make()
      const now = clock()
      const issued = await Promise.all(Array.from({ length: 20 }, () => broker.issue(requestOf({}), now)))
      for (const member of ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const) {
        assert.equal(new Set(issued.map((credentials) => credentials[member])).size, issued.length, member)
      }
    })

    test('serves people of any name', async () => {
      const broker = await make()
      for (const userName of ['a', 'ana@example.com', 'Ørjan Ås', 'a/b:c', '陽子', 'n'.repeat(128)]) {
        await broker.issue(requestOf({ user: { id: 'a-user-id', userName } }), clock())
      }
    })

    test('takes its request as it is, and changes nothing in it', async () => {
      const request = Object.freeze(requestOf({ user: Object.freeze({ id: 'a-user-id', userName: 'ana' }) }))
      await (await make()).issue(request, clock())
      assert.deepEqual(request, requestOf({ user: { id: 'a-user-id', userName: 'ana' } }))
    })
  })
}

function requestOf(changes: Partial<RoleCredentialsRequest>): RoleCredentialsRequest {
  return {
    user: { id: '6f1ad7a8-2c2e-4d0b-9c55-1f2f6a1f3c11', userName: 'alice' },
    accountId: '111111111111',
    roleName: 'Admin',
    permissionSetId: '0d3f8f4e-58c6-4f4b-8f6e-7b0a4f2f9b10',
    sessionDuration: 3600,
    sessionId: 'a-session-id',
    authenticatedAt: morning,
    flow: 'device',
    ...changes,
  }
}
