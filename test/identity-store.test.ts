/** identitystore: the directory, read by programs with a role that may. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { clientHash } from '../packages/portico/src/core/clients/client-registration.ts'
import { REVOCATION_LIFE } from '../packages/portico/src/core/sessions/tokens.ts'
import { canonicalRequest, sha256 } from '../packages/portico/src/core/sigv4/canonical-request.ts'
import { formatTimestamp } from '../packages/portico/src/core/sigv4/clock.ts'
import { sign } from '../packages/portico/src/core/sigv4/sign.ts'
import type { Storage } from '../packages/portico/src/storage/storage.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { signInDevice } from './support/programs.ts'

const HOUR = 3_600_000

type Answer = { status: number; type: string | null; body: Record<string, unknown> }
type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken: string }

type EndOfClient = (storage: Storage, ending: Parameters<Storage['endSessionsOfClient']>[0]) => Promise<number>

const endingsOfClients: readonly [string, EndOfClient][] = [
  ['is ended', (storage, ending) => storage.endSessionsOfClient(ending)],
  ['is denied', (storage, ending) => storage.denyClient({ ...ending, deniedUntil: ending.revokedUntil })],
]

suite('a program that reads the directory', () => {
  test('finds people by name and by email address, and reads what is known of them', async () => {
    const { ask, store } = await reader()
    const { UserId } = (await ask('GetUserId', { AlternateIdentifier: unique('userName', 'ALICE') })).body
    const byEmail = await ask('GetUserId', { AlternateIdentifier: unique('emails.value', 'alice@example.com') })
    assert.equal(byEmail.body.UserId, UserId)
    assert.deepEqual((await ask('DescribeUser', { UserId })).body, {
      ...store,
      UserId,
      UserName: 'alice',
      Name: { FamilyName: 'Anders', GivenName: 'Alice' },
      DisplayName: 'Alice Anders',
      Emails: [{ Value: 'alice@example.com', Type: 'work', Primary: true }],
      UserStatus: 'ENABLED',
    })
  })

  test('finds groups, and who is in which, from both ends', async () => {
    const { ask, store } = await reader()
    const { GroupId } = (await ask('GetGroupId', { AlternateIdentifier: unique('displayName', 'Engineers') })).body
    assert.deepEqual((await ask('DescribeGroup', { GroupId })).body, { ...store, GroupId, DisplayName: 'Engineers' })
    const { UserId } = (await ask('GetUserId', { AlternateIdentifier: unique('userName', 'bob') })).body
    const MemberId = { UserId }
    const { MembershipId } = (await ask('GetGroupMembershipId', { GroupId, MemberId })).body
    const membership = { ...store, MembershipId, GroupId, MemberId }
    assert.match(String(MembershipId), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.deepEqual((await ask('DescribeGroupMembership', { MembershipId })).body, membership)
    assert.deepEqual((await ask('ListGroupMembershipsForMember', { MemberId })).body, {
      GroupMemberships: [membership],
    })
    const { GroupMemberships } = (await ask('ListGroupMemberships', { GroupId })).body
    assert.equal((GroupMemberships as unknown[]).length, 2)
    assert.deepEqual((await ask('IsMemberInGroups', { MemberId, GroupIds: [GroupId] })).body, {
      Results: [{ GroupId, MemberId, MembershipExists: true }],
    })
  })

  test('reads lists in pages, each bound to its list', async () => {
    const { ask } = await reader()
    const first = (await ask('ListUsers', { MaxResults: 1 })).body
    const second = (await ask('ListUsers', { MaxResults: 1, NextToken: first.NextToken })).body
    const names = [first, second].flatMap(({ Users }) => (Users as { UserName: string }[]).map((user) => user.UserName))
    assert.deepEqual(names.sort(), ['alice', 'bob'])
    assert.equal(second.NextToken, undefined)
    const wrong = await ask('ListGroups', { NextToken: first.NextToken })
    assert.deepEqual([wrong.status, wrong.type], [400, 'ValidationException'])
    const found = await ask('ListUsers', { Filters: [{ AttributePath: 'UserName', AttributeValue: 'bob' }] })
    assert.equal((found.body.Users as unknown[]).length, 1)
    const group = await ask('ListGroups', { Filters: [{ AttributePath: 'DisplayName', AttributeValue: 'none' }] })
    assert.deepEqual(group.body, { Groups: [] })
  })

  for (const [operation, input, type] of [
    ['DescribeUser', { UserId: 'nobody' }, 'USER'],
    ['DescribeGroup', { GroupId: 'none' }, 'GROUP'],
    ['DescribeGroupMembership', { MembershipId: 'none' }, 'GROUP_MEMBERSHIP'],
    ['GetUserId', { AlternateIdentifier: unique('userName', 'carol') }, 'USER'],
    ['GetGroupId', { AlternateIdentifier: unique('displayName', 'engineers ') }, 'GROUP'],
    ['DescribeUser', { IdentityStoreId: 'd-0000000000', UserId: 'x' }, 'IDENTITY_STORE'],
  ] as const)
    test(`is told by ${operation} that there is no such ${type.toLowerCase()}`, async () => {
      const { ask } = await reader()
      const answer = await ask(operation, input)
      assert.deepEqual(
        [answer.status, answer.type, answer.body.__type],
        [400, ...Array(2).fill('ResourceNotFoundException')],
      )
      assert.equal(answer.body.ResourceType, type)
      assert.equal(typeof answer.body.Message, 'string')
    })

  test('is told what is wrong with its input, and what is no operation', async () => {
    const { ask } = await reader()
    for (const input of [{}, { UserId: 7 }, { UserId: '' }, { UserId: 'x'.repeat(48) }])
      assert.equal((await ask('DescribeUser', input)).type, 'ValidationException')
    assert.equal((await ask('DeleteUser', {})).type, 'UnknownOperationException')
    const both = { ...unique('userName', 'alice'), ExternalId: { Issuer: 'a', Id: 'b' } }
    assert.equal((await ask('GetUserId', { AlternateIdentifier: both })).type, 'ValidationException')
  })

  test('may not without a role for administrators, and no longer than its person has it', async () => {
    const ordinary = await reader('ReadOnlyAccess')
    assert.equal((await ordinary.ask('ListUsers', {})).type, 'AccessDeniedException')
    const { instance, ask } = await reader()
    assert.equal((await ask('ListUsers', {})).status, 200)
    await changeAdministrators(instance, false)
    assert.equal((await ask('ListUsers', {})).type, 'AccessDeniedException')
  })

  for (const [how, end] of endingsOfClients)
    test(`is stopped when its client ${how}, although the session that gave it the role was over by itself`, async () => {
      const { instance, ask, clientId } = await reader('AdministratorAccess', { sessionDuration: HOUR / 2 })
      const { clock, storage } = instance
      clock.now += HOUR - 1
      await storage.sweep({ before: clock.now, sessionsBefore: clock.now - 12 * HOUR, limit: 1_000 })
      assert.equal((await ask('ListUsers', {})).status, 200)
      const audit = { at: clock.now, eventName: 'End', userId: null, address: null, userAgent: null, detail: {} }
      const ending = {
        reason: 'administrator',
        revokedUntil: clock.now + REVOCATION_LIFE,
        now: clock.now,
        audit,
      } as const
      assert.equal(await end(storage, { clientHash: clientHash(clientId), ...ending }), 0, 'no session is alive')
      const { status, type } = await ask('ListUsers', {})
      assert.deepEqual([status, type], [400, 'UnrecognizedClientException'])
    })

  test('may not without a signature, or with one for another service', async () => {
    const { instance, ask } = await reader()
    const unsigned = await instance.fetch(
      new Request(instance.origin, {
        method: 'POST',
        headers: { 'x-amz-target': 'AWSIdentityStore.ListUsers', 'content-type': 'application/x-amz-json-1.1' },
        body: '{}',
      }),
    )
    assert.equal(unsigned.headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException')
    assert.equal((await ask('ListUsers', {}, 'sso-oauth')).type, 'InvalidSignatureException')
  })
})

function unique(AttributePath: string, AttributeValue: string) {
  return { UniqueAttribute: { AttributePath, AttributeValue } }
}

/** Alice's program, in a role of this permission set. */
async function reader(roleName = 'AdministratorAccess', settings: Parameters<typeof testInstance>[0] = {}) {
  const instance = await testInstance(settings)
  await changeAdministrators(instance, true)
  const { accessToken, client } = await signInDevice(instance)
  const { roleCredentials } = await instance.portal.getRoleCredentials({
    accessToken,
    accountId: '111111111111',
    roleName,
  })
  const { accessKeyId = '', secretAccessKey = '', sessionToken = '' } = roleCredentials
  const keys = { accessKeyId, secretAccessKey, sessionToken }
  const store = { IdentityStoreId: instance.deps.instance.identityStoreId }
  const ask = (operation: string, input: object, service = 'identitystore') =>
    post(instance, keys, service, operation, { ...store, ...input })
  return { instance, store, ask, clientId: client.clientId }
}

/** Decides whether the permission set AdministratorAccess is one for administrators. */
async function changeAdministrators(instance: TestInstance, administrator: boolean): Promise<void> {
  const organization = await instance.storage.readOrganization({})
  const permissionSets = organization.permissionSets.map((set) => {
    return { ...set, administrator: administrator && set.name === 'AdministratorAccess' }
  })
  const audit = { at: instance.clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  await instance.storage.applyOrganization({
    organization: { ...organization, permissionSets },
    now: instance.clock.now,
    shutOut: true,
    audit,
  })
}

async function post(
  instance: TestInstance,
  { accessKeyId, secretAccessKey, sessionToken }: Keys,
  service: string,
  operation: string,
  input: object,
): Promise<Answer> {
  const timestamp = formatTimestamp(instance.clock.now)
  const scope = { date: timestamp.slice(0, 8), region: 'us-east-1', service }
  const headers = new Map([
    ['content-type', 'application/x-amz-json-1.1'],
    ['host', new URL(instance.origin).host],
    ['x-amz-date', timestamp],
    ['x-amz-security-token', sessionToken],
    ['x-amz-target', `AWSIdentityStore.${operation}`],
  ])
  const body = JSON.stringify(input)
  const raw = { method: 'POST', target: '/', headers: [...headers], body: Buffer.from(body), peerAddress: '' }
  const signature = sign({
    ...{ secretAccessKey, scope, timestamp },
    canonicalRequest: canonicalRequest(raw, headers, sha256(raw.body)),
  })
  const credential = `${accessKeyId}/${scope.date}/us-east-1/${service}/aws4_request`
  const names = [...headers.keys()].join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  const response = await instance.fetch(
    new Request(`${instance.origin}/`, {
      method: 'POST',
      headers: [...headers, ['authorization', authorization]],
      body,
    }),
  )
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    body: JSON.parse(await response.text()),
  }
}
