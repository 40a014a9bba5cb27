import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { isServiceException, sso, ssooidc } from 'ssooidc'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { formBrowser } from '../../../../test/support/form-browser.ts'
import { workplace } from '../../../../test/support/workplace.ts'
import { exitCodes } from './failure.ts'

type Server = Awaited<ReturnType<ReturnType<typeof workplace>['serve']>>

/** A program that a person of the demo signs in, on a running server. */
async function signIn({ said }: Server, person = said.people[0]) {
  const oidc = ssooidc({ endpoint: said.url })
  const portal = sso({ endpoint: said.url })
  const client = await oidc.registerClient({
    ...{ clientName: 'a program', clientType: 'public', scopes: ['sso:account:access'] },
  })
  const credentials = { clientId: client.clientId, clientSecret: client.clientSecret }
  const grant = await oidc.startDeviceAuthorization({ ...credentials, startUrl: said.startUrl })
  await formBrowser().decide(grant.verificationUriComplete, person)
  const { deviceCode } = grant
  const tokens = await oidc.createToken({ ...credentials, grantType: GRANT_TYPES.deviceCode, deviceCode })
  const { accessToken, refreshToken = '' } = tokens
  const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }
  const { roleCredentials } = await portal.getRoleCredentials({ accessToken, ...role })
  const { accessKeyId = '', secretAccessKey = '', sessionToken = '' } = roleCredentials ?? {}
  const sts = new STSClient({
    ...{ endpoint: said.url, region: said.region, maxAttempts: 1 },
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  })
  return {
    clientId: client.clientId,
    again: () => oidc.startDeviceAuthorization({ ...credentials, startUrl: said.startUrl }),
    refresh: () => oidc.createToken({ ...credentials, grantType: GRANT_TYPES.refreshToken, refreshToken }),
    /** With the role credentials. */
    whoAmI: () => sts.send(new GetCallerIdentityCommand({})),
    /** Resolves once the server refuses the access token; says when it was let in last, in milliseconds. */
    stopped: () => refusedAfter('UnauthorizedException', () => portal.listAccounts({ accessToken })),
  }
}

/**
 * Calls until it is refused with this error. Says how long after that began, in milliseconds, the last call began that was
 * let in: on a busy machine each call takes longer, which is not the server's obeying late.
 */
async function refusedAfter(name: string, call: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  for (let letIn = 0; ; ) {
    const begun = performance.now() - from
    try {
      await call()
      letIn = begun
    } catch (error) {
      // Errors of the AWS SDKs carry the wire's name as well.
      if (error instanceof Error && error.name === name) return letIn
      throw error
    }
  }
}

/** What a command in another process is promised to take until the server obeys. */
const BOUND = 250

describe('beside a running server', () => {
  const ways: readonly [string, (one: { sessionId: string; clientId: string }) => string[]][] = [
    ['session end ID', ({ sessionId }) => ['session', 'end', sessionId]],
    ['session end --user', () => ['session', 'end', '--user', 'ALICE']],
    ['session end --client', ({ clientId }) => ['session', 'end', '--client', clientId]],
    ['session end --all', () => ['session', 'end', '--all']],
    ['client deny', ({ clientId }) => ['client', 'deny', clientId]],
    ['user disable', () => ['user', 'disable', 'alice', '--yes']],
    ['user delete', () => ['user', 'delete', 'alice', '--yes']],
  ]

  test('every way to end a session stops its tokens within 250 ms of the command', async () => {
    await using place = workplace()
    const server = await place.serve('--demo')
    for (const [name, command] of ways) {
      const program = await signIn(server)
      const [listed] = JSON.parse(place.run(['session', 'list', '--user', 'alice', '--json']).out)
      assert.deepEqual([listed.userName, listed.clientName, listed.flow], ['alice', 'a program', 'device'])
      const { code, err } = place.run(command({ sessionId: listed.sessionId, clientId: program.clientId }))
      assert.deepEqual([code, err], [0, ''], name)
      assert.ok((await program.stopped()) < BOUND, name)
      await assert.rejects(program.refresh(), (error) => isServiceException(error), name)
      if (name === 'user disable') place.run(['user', 'enable', 'alice'])
      assert.equal(place.run(['session', 'list']).out, 'No session is alive.\n')
    }
  })

  test('whoever a pruned organization no longer names has nothing open within 250 ms, nor role credentials', async () => {
    await using place = workplace()
    const server = await place.serve('--demo')
    const [alice, bob] = server.said.people
    const [stays, goes] = [await signIn(server, alice), await signIn(server, bob)]
    const organization = readFileSync(new URL('./demo/demo-organization.yaml', import.meta.url), 'utf8')
    const input = organization.replace(/ {2}- userName: bob\n(?: {4}.*\n)*/, '')
    const { code, out, err } = place.run(['apply', '-', '--prune'], { input })
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^- user bob\n\n0 to add, 0 to change, 1 to take away\.\nApplied\.\n$/)
    assert.ok((await goes.stopped()) < BOUND)
    assert.ok((await refusedAfter('InvalidClientTokenId', goes.whoAmI)) < BOUND)
    await assert.rejects(goes.refresh(), (error) => isServiceException(error))
    await stays.whoAmI()
    await stays.refresh()
  })

  test('a denied client may not begin again, one whose sessions ended may', async () => {
    await using place = workplace()
    const server = await place.serve('--demo', { env: { PORTICO_DEVICE_GRANTS_PER_SECOND: '0' } })
    const program = await signIn(server)
    const ended = place.run(['session', 'end', '--client', program.clientId, '--json'])
    assert.equal(ended.out, '{"ended":1}\n')
    await program.stopped()
    await program.again()
    place.run(['client', 'deny', program.clientId])
    assert.ok((await refusedAfter('InvalidClientException', program.again)) < BOUND)
  })

  test('whoever was disabled signs in again once enabled, with nothing of before; the last administrator only with --yes', async () => {
    await using place = workplace()
    const server = await place.serve('--demo')
    const before = await signIn(server)
    for (const command of ['disable', 'delete']) {
      const { code, err } = place.run(['user', command, 'alice'])
      assert.equal(code, exitCodes.configuration)
      assert.match(err, /^portico: Nothing was changed, because nobody who administers could sign in any more\..*--yes/)
    }
    assert.match(place.run(['user', 'disable', 'alice', '--yes']).out, /^alice is disabled\./)
    assert.equal(place.run(['user', 'disable', 'alice']).out, 'alice is disabled already.\n')
    await before.stopped()
    place.run(['user', 'enable', 'alice'])
    await signIn(server)
    await before.stopped()
    await assert.rejects(before.refresh(), /ended/)
  })
})

describe('portico session', () => {
  test('says what it needs, and whom it does not know', async () => {
    await using place = workplace()
    const organization = 'users: [{ userName: carol }]\n'
    place.run(['apply', '-'], { input: organization })
    const usage = place.run(['session', 'end', 'one', '--all'])
    assert.equal(usage.code, exitCodes.usage)
    assert.match(usage.err, /Say what to end/)
    assert.equal(place.run(['session', 'end']).code, exitCodes.usage)
    assert.match(place.run(['session', 'end', 'unknown']).err, /No session unknown is alive/)
    assert.match(place.run(['session', 'end', '--user', 'carl']).err, /Did you mean carol\?/)
    assert.match(place.run(['user', 'delete', 'carl']).err, /Did you mean carol\?/)
    assert.match(place.run(['client', 'deny', 'aws-cli']).err, /is no client/)
    assert.equal(place.run(['session', 'list', '--json']).out, '[]\n')
  })
})
