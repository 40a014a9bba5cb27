/** The access portal: what the holder of an access token may reach, how long, and when no longer. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Organization } from '../packages/portico/src/storage/storage.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { ask, refused, sessionsOf, signInDevice } from './support/programs.ts'

const HOUR = 3_600_000
const PRODUCTION = '111111111111'
const SANDBOX = '222222222222'

suite('an access token', () => {
  for (const [what, scopes, life] of [
    ['with scopes lives an hour', ['sso:account:access'], HOUR],
    ['without scopes lives as long as the sign-in, up to eight hours', undefined, 8 * HOUR],
  ] as const) {
    test(`of a client ${what}`, async () => {
      const instance = await testInstance({ sessionDuration: 24 * HOUR })
      const { accessToken, expiresIn } = await signInDevice(instance, instance.people.alice, { scopes })
      assert.equal(expiresIn, life / 1000)
      instance.clock.now += life - 1
      await instance.portal.listAccounts({ accessToken })
      instance.clock.now += 1
      await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
    })

    test(`of a client ${what}, and never longer than the session`, async () => {
      const instance = await testInstance({ sessionDuration: HOUR / 2 })
      const { accessToken, expiresIn } = await signInDevice(instance, instance.people.alice, { scopes })
      assert.equal(expiresIn, 1_800)
      instance.clock.now += HOUR / 2
      await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
    })
  }

  test('is dead at once after logout, on every node, and only that session’s', async () => {
    const instance = await testInstance()
    const other = await instance.node()
    const [one, two] = [await signInDevice(instance), await signInDevice(instance)]
    await other.portal.listAccounts(one)
    await instance.portal.logout(one)
    for (const { portal } of [instance, other]) {
      await assert.rejects(portal.listAccounts(one), refused('UnauthorizedException'))
      await assert.rejects(portal.logout(one), refused('UnauthorizedException'))
      await portal.listAccounts(two)
    }
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
  })

  test('that was approved for something else opens no accounts, and stays good for that', async () => {
    const instance = await testInstance()
    const scopes = ['codewhisperer:completions']
    const { accessToken, refresh } = await signInDevice(instance, instance.people.alice, { scopes })
    const role = { accountId: PRODUCTION, roleName: 'AdministratorAccess' }
    // Forbidden and not unauthorized: on that, clients would throw the token away.
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('ForbiddenException'))
    await assert.rejects(
      instance.portal.listAccountRoles({ accessToken, accountId: PRODUCTION }),
      refused('ForbiddenException'),
    )
    await assert.rejects(instance.portal.getRoleCredentials({ accessToken, ...role }), refused('ForbiddenException'))
    await refresh()
    await instance.portal.logout({ accessToken })
  })

  test('is asked for by name, and never taken from a cookie or an Authorization header', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance)
    for (const headers of [
      {},
      { authorization: `Bearer ${accessToken}` },
      { cookie: `x-amz-sso_bearer_token=${accessToken}` },
      { 'x-amz-sso-bearer-token': accessToken },
      { 'x-amz-sso_bearer_token': ' ' },
    ] as Record<string, string>[]) {
      const { status, type } = await ask(instance, '/assignment/accounts', { headers })
      assert.deepEqual([status, type], [401, 'UnauthorizedException'])
    }
  })
})

suite('accounts and roles', () => {
  test('are those that the person is assigned, directly or through a group', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance)
    const { accountList } = await instance.portal.listAccounts({ accessToken })
    assert.deepEqual(accountList, [
      { accountId: PRODUCTION, accountName: 'Production', emailAddress: 'prod@example.com' },
      { accountId: SANDBOX, accountName: 'Sandbox' },
    ])
    const { roleList } = await instance.portal.listAccountRoles({ accessToken, accountId: PRODUCTION })
    assert.deepEqual(roleList, [
      { roleName: 'AdministratorAccess', accountId: PRODUCTION },
      { roleName: 'ReadOnlyAccess', accountId: PRODUCTION },
    ])
    const { roleList: bobs } = await instance.portal.listAccountRoles({
      ...(await signInDevice(instance, instance.people.bob)),
      accountId: PRODUCTION,
    })
    assert.deepEqual(
      bobs.map(({ roleName }) => roleName),
      ['ReadOnlyAccess'],
    )
  })

  test('come in pages that neither skip nor repeat', async () => {
    const instance = await testInstance()
    await assign(instance, 7)
    const { accessToken } = await signInDevice(instance)
    const seen: string[] = []
    let nextToken: string | undefined
    do {
      const page = await instance.portal.listAccounts({ accessToken, maxResults: 3, nextToken })
      assert.ok(page.accountList.length > 0 && page.accountList.length <= 3)
      seen.push(...page.accountList.map(({ accountId }) => accountId))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    assert.equal(seen.length, 9)
    assert.deepEqual(seen, [...new Set(seen)].sort())
    const first = await instance.portal.listAccountRoles({ accessToken, accountId: PRODUCTION, maxResults: 1 })
    const { nextToken: more } = first
    const rest = await instance.portal.listAccountRoles({ accessToken, accountId: PRODUCTION, nextToken: more })
    assert.deepEqual(
      [...first.roleList, ...rest.roleList].map(({ roleName }) => roleName),
      ['AdministratorAccess', 'ReadOnlyAccess'],
    )
    assert.equal(rest.nextToken, undefined)
  })

  test('a page of 1 to 100 may be asked for, and nothing else', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance)
    const list = (query: string) =>
      ask(instance, `/assignment/accounts?${query}`, { headers: { 'x-amz-sso_bearer_token': accessToken } })
    for (const good of ['1', '100']) assert.equal((await list(`max_result=${good}`)).status, 200)
    for (const bad of ['0', '101', '-1', 'abc', '', '1.5', '1e1', '99999999999999999999']) {
      const { status, type } = await list(`max_result=${bad}`)
      assert.deepEqual([status, type], [400, 'InvalidRequestException'], bad)
    }
  })

  test('a page’s token is good for its list and its person only', async () => {
    const instance = await testInstance()
    const alice = await signInDevice(instance)
    const bob = await signInDevice(instance, instance.people.bob)
    const { nextToken = '' } = await instance.portal.listAccounts({ ...alice, maxResults: 1 })
    await instance.portal.listAccounts({ ...alice, nextToken })
    const wrong = refused('InvalidRequestException')
    await assert.rejects(instance.portal.listAccounts({ ...bob, nextToken }), wrong)
    await assert.rejects(instance.portal.listAccountRoles({ ...alice, accountId: PRODUCTION, nextToken }), wrong)
    for (const forged of ['x', '1', nextToken.slice(0, -1), `${nextToken}A`, alice.accessToken.slice(7)])
      await assert.rejects(instance.portal.listAccounts({ ...alice, nextToken: forged }), wrong)
    const roles = await instance.portal.listAccountRoles({ ...alice, accountId: PRODUCTION, maxResults: 1 })
    const elsewhere = { ...alice, accountId: SANDBOX, nextToken: roles.nextToken }
    await assert.rejects(instance.portal.listAccountRoles(elsewhere), wrong)
  })

  test('an account without an assignment and one that does not exist are the same: no access', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance, instance.people.bob)
    const headers = { 'x-amz-sso_bearer_token': accessToken }
    const answers = await Promise.all(
      [
        '/assignment/roles?account_id=999999999999',
        '/assignment/roles?account_id=x',
        `/federation/credentials?account_id=${PRODUCTION}&role_name=AdministratorAccess`,
        `/federation/credentials?account_id=${PRODUCTION}&role_name=NoSuchRole`,
        '/federation/credentials?account_id=999999999999&role_name=ReadOnlyAccess',
      ].map((path) => ask(instance, path, { headers })),
    )
    for (const { status, type, body } of answers) {
      assert.deepEqual([status, type], [403, 'ForbiddenException'])
      assert.deepEqual(body, answers[0]?.body)
      assert.equal(body.message, 'No access')
    }
  })

  test('that are taken away are gone with the next call', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance)
    const role = { accessToken, accountId: PRODUCTION, roleName: 'AdministratorAccess' }
    await instance.portal.getRoleCredentials(role)
    await change(instance, (organization) => ({
      ...organization,
      assignments: organization.assignments.filter(({ user }) => user !== 'alice'),
    }))
    await assert.rejects(instance.portal.getRoleCredentials(role), refused('ForbiddenException'))
    await instance.portal.getRoleCredentials({ ...role, roleName: 'ReadOnlyAccess' })
  })
})

suite('role credentials', () => {
  test('leave a line in the audit log that names them, and does not hold them', async () => {
    const instance = await testInstance()
    const { accessToken, refresh } = await signInDevice(instance)
    const role = { accountId: PRODUCTION, roleName: 'ReadOnlyAccess' }
    const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
    await refresh()
    await instance.deps.auditQueue.flush()
    const [reissued, minted] = await instance.storage.readAudit({ limit: 2 })
    assert.equal(reissued?.eventName, 'ReissueTokens')
    assert.equal(minted?.eventName, 'GetRoleCredentials')
    const [session] = await sessionsOf(instance, instance.people.alice)
    const { accessKeyId } = roleCredentials
    assert.deepEqual(minted.detail, { ...role, accessKeyId, sessionId: session?.id })
    assert.equal(minted.userId, session?.userId)
  })

  test('live as long as the permission set says, in milliseconds since the epoch', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance)
    for (const [roleName, seconds] of [
      ['AdministratorAccess', 3_600],
      ['ReadOnlyAccess', 7_200],
    ] as const) {
      const { roleCredentials } = await instance.portal.getRoleCredentials({
        accessToken,
        accountId: PRODUCTION,
        roleName,
      })
      assert.equal(roleCredentials.expiration, instance.clock.now + seconds * 1000)
      assert.match(roleCredentials.accessKeyId, /^ASIA/)
    }
  })

  test('of one person are limited to so many a second, with 429 and when to come back', async () => {
    const limits = { registrationsPerSecond: 0, deviceGrantsPerSecond: 0, pendingDeviceGrants: 0, mintsPerSecond: 2 }
    const instance = await testInstance({ limits })
    const { accessToken } = await signInDevice(instance)
    const get = () =>
      ask(instance, `/federation/credentials?account_id=${PRODUCTION}&role_name=ReadOnlyAccess`, {
        headers: { 'x-amz-sso_bearer_token': accessToken },
      })
    for (let i = 0; i < 4; i++) assert.equal((await get()).status, 200)
    const { status, type, headers } = await get()
    assert.deepEqual([status, type], [429, 'TooManyRequestsException'])
    assert.ok(Number(headers.get('retry-after')) >= 1)
    instance.clock.now += 500
    assert.equal((await get()).status, 200)
    assert.equal((await get()).status, 429)
  })
})

async function change(instance: TestInstance, to: (organization: Organization) => Organization) {
  await instance.storage.applyOrganization({
    organization: to(await instance.storage.readOrganization({})),
    now: instance.clock.now,
    audit: { at: 0, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} },
  })
}

/** Gives the engineers so many accounts more. */
async function assign(instance: TestInstance, count: number) {
  const accounts = Array.from({ length: count }, (_, i) => ({
    id: `33333333333${i}`,
    name: `Account ${i}`,
    email: null,
    broker: 'built-in',
  }))
  await change(instance, (organization) => ({
    ...organization,
    accounts: [...organization.accounts, ...accounts],
    assignments: [
      ...organization.assignments,
      ...accounts.map(({ id }) => ({ account: id, permissionSet: 'ReadOnlyAccess', user: null, group: 'Engineers' })),
    ],
  }))
}
