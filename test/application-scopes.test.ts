/** What an application's tokens may be used for once an administrator has taken scopes from it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { oauth2 } from '../packages/portico/src/protocol/oauth2.ts'
import { AUDIENCE, addApplication, asking, reports } from './support/application.ts'
import { startExternalIssuer } from './support/external-issuer.ts'
import { testInstance } from './support/instance.ts'
import { ACCOUNT_ACCESS, ask, refused, signInDevice, startDevice } from './support/programs.ts'

suite('a scope that is taken from an application', () => {
  test('is in no token that the application refreshes, and comes back with the application’s own', async () => {
    await using issuer = await startExternalIssuer()
    const instance = await testInstance()
    instance.clock.now = Date.now()
    const clientId = await addApplication(instance, issuer.issuerUrl)
    const application = asking(instance)
    const assertion = await issuer.issue(AUDIENCE, 'alice@example.com')
    const first = await application.createTokenWithIAM({ clientId, grantType: GRANT_TYPES.jwtBearer, assertion })
    assert.ok(first.scope?.includes('reports:write'))
    const again = { clientId, grantType: GRANT_TYPES.refreshToken, refreshToken: first.refreshToken ?? '' }
    await addApplication(instance, issuer.issuerUrl, { scopes: ['reports:read'] })
    const narrowed = await application.createTokenWithIAM(again)
    assert.deepEqual(narrowed.scope, ['reports:read', 'openid', 'aws', 'sts:identity_context'])
    await assert.rejects(
      application.createTokenWithIAM({ ...again, scope: ['reports:write'] }),
      refused('InvalidScopeException'),
    )
    await addApplication(instance, issuer.issuerUrl)
    assert.deepEqual((await application.createTokenWithIAM(again)).scope, first.scope)
  })

  test('opens nothing any more with tokens that there are, nor with those that a program for it gets', async () => {
    const { instance, accessToken, refresh } = await withProgram()
    await instance.portal.listAccounts({ accessToken })
    await addApplication(instance, undefined, { scopes: reports.scopes })
    const next = await refresh()
    for (const token of [accessToken, next.accessToken])
      await assert.rejects(instance.portal.listAccounts({ accessToken: token }), refused('ForbiddenException'))
  })

  test('is not told of by introspection', async () => {
    const { instance, accessToken, client, refreshToken = '' } = await withProgram()
    const scopesOf = async (token: string) => {
      const form = { client_id: client.clientId, client_secret: client.clientSecret, token }
      const body = new URLSearchParams(form).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await ask(instance, oauth2.operations.introspect.path, { body, headers })
      return answer.body.active ? answer.body.scope : false
    }
    const tokens = [accessToken, refreshToken]
    for (const token of tokens) assert.equal(await scopesOf(token), `reports:read ${ACCOUNT_ACCESS}`)
    await addApplication(instance, undefined, { scopes: ['reports:read'] })
    for (const token of tokens) assert.equal(await scopesOf(token), 'reports:read')
    await addApplication(instance, undefined, { scopes: ['reports:write'] })
    for (const token of tokens) assert.equal(await scopesOf(token), false)
  })

  test('was the last of a session’s: then nothing is left, and not what clients without scopes may', async () => {
    const { instance, accessToken, client, refresh } = await withProgram([ACCOUNT_ACCESS])
    const { grant, poll } = await startDevice(instance, client)
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    await addApplication(instance, undefined, { scopes: reports.scopes })
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
    for (const asked of [() => refresh(), () => poll()]) await assert.rejects(asked(), refused('InvalidGrantException'))
    // Nothing was used up by asking meanwhile.
    await addApplication(instance, undefined, { scopes: [...reports.scopes, ACCOUNT_ACCESS] })
    for (const asked of [() => refresh(), () => poll()])
      await instance.portal.listAccounts({ accessToken: (await asked()).accessToken })
  })
})

/** Alice, signed in at a program that is for an application which may enter accounts. */
async function withProgram(scopes: readonly string[] = ['reports:read', ACCOUNT_ACCESS]) {
  const instance = await testInstance()
  const entitledApplicationArn = await addApplication(instance, undefined, {
    scopes: [...reports.scopes, ACCOUNT_ACCESS],
  })
  const members = { scopes, entitledApplicationArn }
  return { instance, ...(await signInDevice(instance, instance.people.alice, members)) }
}
