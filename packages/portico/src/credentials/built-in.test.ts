import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import fc from 'fast-check'
import { findRoleCredentials, openSessionToken } from '../core/access/session-token.ts'
import { generateKeys, openKeyring } from '../core/keys/keyring.ts'
import { format } from '../core/keys/opaque-token.ts'
import { systemRandom } from '../core/keys/random.ts'
import { createSealer, type Sealer } from '../core/keys/sealing.ts'
import { builtInBroker, roleSessionName } from './built-in.ts'
import { testBroker } from './conformance.ts'
import type { RoleCredentialsRequest } from './credentials.ts'

const now = Date.UTC(2026, 10, 24, 9)
const request: RoleCredentialsRequest = {
  user: { id: '6f1ad7a8-2c2e-4d0b-9c55-1f2f6a1f3c11', userName: 'alice' },
  accountId: '111111111111',
  roleName: 'Admin',
  permissionSetId: '0d3f8f4e-58c6-4f4b-8f6e-7b0a4f2f9b10',
  sessionDuration: 3600,
  sessionId: 'a-session-id',
  authenticatedAt: now - 60_000,
  flow: 'device',
}

const sealer = newSealer()
const broker = brokerOver(sealer)

testBroker('built-in', () => broker)

suite('credentials of the built-in broker', () => {
  test('look as those that AWS gives to roles', async () => {
    const credentials = await broker.issue(request, now)
    assert.match(credentials.accessKeyId, /^ASIA[A-Z2-7]{16}$/)
    assert.match(credentials.secretAccessKey, /^[A-Za-z0-9+/]{40}$/)
    assert.match(credentials.sessionToken, /^ptc_st_/)
    assert.equal(credentials.expiresAt, now + 3_600_000)
  })

  test('name the person and the role in the forms of AWS', async () => {
    const { principal } = await issued(request)
    assert.match(principal.arn, /^arn:aws:sts::111111111111:assumed-role\/AWSReservedSSO_Admin_[0-9a-f]{16}\/alice$/)
    assert.match(principal.assumedRoleId, /^AROA[A-Z2-7]{17}:alice$/)
  })

  test('name the same person in the same role alike, whoever issues them', async () => {
    const elsewhere = newSealer()
    const { principal } = await issued({ ...request, sessionId: 'another' }, elsewhere)
    const { principal: here } = await issued(request)
    assert.equal(principal.arn, here.arn)
    assert.equal(principal.assumedRoleId, here.assumedRoleId)
  })

  test('name another account or permission set otherwise', async () => {
    const roleIds = new Set<string>()
    for (const accountId of ['111111111111', '222222222222']) {
      for (const permissionSetId of ['one', 'two']) {
        const { principal } = await issued({ ...request, accountId, permissionSetId })
        roleIds.add(principal.assumedRoleId)
      }
    }
    assert.equal(roleIds.size, 4)
  })

  test('carry in their session token what a signature is checked with, and whom it speaks for', async () => {
    const credentials = await broker.issue(request, now)
    const found = findRoleCredentials(sealer, credentials.accessKeyId, credentials.sessionToken)
    assert.equal(found?.secretAccessKey, credentials.secretAccessKey)
    assert.equal(found?.expiresAt, credentials.expiresAt)
    const { arn: _, assumedRoleId: __, ...principal } = found.principal
    assert.deepEqual(principal, {
      accountId: '111111111111',
      roleName: 'Admin',
      permissionSetId: request.permissionSetId,
      userId: request.user.id,
      sessionId: 'a-session-id',
      flow: 'device',
      authenticatedAt: now - 60_000,
      expiresAt: credentials.expiresAt,
    })
  })

  test('do not show their secret in their session token', async () => {
    const { secretAccessKey, sessionToken } = await broker.issue(request, now)
    const seen = Buffer.from(sessionToken.slice('ptc_st_'.length), 'base64url').toString('latin1')
    assert.ok(!seen.includes(secretAccessKey) && !seen.includes('alice'))
  })

  test('hold secrets that nothing in sight determines', async () => {
    const [one, other] = await Promise.all([broker.issue(request, now), broker.issue(request, now)])
    assert.notEqual(one.secretAccessKey, other.secretAccessKey)
  })

  test('are unknown under the session token of other credentials, under none, and under a forged one', async () => {
    const [one, other] = await Promise.all([broker.issue(request, now), broker.issue(request, now)])
    assert.equal(findRoleCredentials(sealer, one.accessKeyId, other.sessionToken), undefined)
    assert.equal(findRoleCredentials(sealer, one.accessKeyId, undefined), undefined)
    assert.equal(findRoleCredentials(sealer, one.accessKeyId, ''), undefined)
    assert.equal(findRoleCredentials(sealer, one.accessKeyId, `${one.sessionToken}a`), undefined)
    const foreign = await brokerOver(newSealer()).issue(request, now)
    assert.equal(findRoleCredentials(sealer, foreign.accessKeyId, foreign.sessionToken), undefined)
  })

  test('never come from a token that was sealed for something else', () => {
    const claims = { accessKeyId: 'ASIAEXAMPLEEXAMPLE22', secretAccessKey: 'known to the attacker' }
    assert.deepEqual(openSessionToken(sealer, format('sessionToken', sealer.seal('session-token', claims))), claims)
    assert.equal(openSessionToken(sealer, format('sessionToken', sealer.seal('access-token', claims))), undefined)
    assert.equal(openSessionToken(sealer, format('accessToken', sealer.seal('session-token', claims))), undefined)
  })
})

suite('a user name at the end of an ARN', () => {
  const table: Record<string, string> = {
    alice: 'alice',
    'Ana.Maria+ops_1@example-corp.com': 'Ana.Maria+ops_1@example-corp.com',
    'a/b:c': 'a=2Fb=3Ac',
    'a=b': 'a=3Db',
    'Ørjan Ås': '=C3=98rjan=20=C3=85s',
    'line\nbreak': 'line=0Abreak',
  }
  for (const [userName, written] of Object.entries(table)) {
    test(`is ${written} for ${JSON.stringify(userName)}`, () => {
      assert.equal(roleSessionName(userName), written)
    })
  }

  test('has the characters and length that AWS allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }), (userName) => {
        assert.match(roleSessionName(userName), /^[\w+=,.@-]{1,64}$/)
      }),
    )
  })

  test('is nobody else’s', () => {
    const long = 'n'.repeat(70)
    const names = ['a b', 'a_b', 'a=20b', 'a%20b', 'a/b', 'a=2Fb', long, `${long}n`, roleSessionName(long)]
    assert.equal(new Set(names.map(roleSessionName)).size, names.length)
  })
})

function newSealer(): Sealer {
  const rootKey = systemRandom.bytes(32)
  return createSealer(openKeyring(rootKey, generateKeys(rootKey, systemRandom, now)), systemRandom)
}

function brokerOver(over: Sealer) {
  return builtInBroker({ sealer: over, random: systemRandom, partition: 'aws' })
}

async function issued(what: RoleCredentialsRequest, over = sealer) {
  const { accessKeyId, sessionToken } = await brokerOver(over).issue(what, now)
  const found = findRoleCredentials(over, accessKeyId, sessionToken)
  assert.ok(found)
  return found
}
