/** CreateTokenWithIAM: an application gets tokens for a person, by four proofs, and every way in which it does not. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { GRANT_TYPES, TOKEN_TYPES } from 'ssooidc/protocol/sso-oidc'
import { accessKeyOf } from '../packages/portico/src/core/applications/access-keys.ts'
import { jwks, oauth2 } from '../packages/portico/src/protocol/oauth2.ts'
import { AUDIENCE, addApplication, asking, post, REPORTS_CALLBACK } from './support/application.ts'
import { type ExternalIssuer, startExternalIssuer } from './support/external-issuer.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import {
  answerIn,
  ask,
  refused,
  registerBrowser,
  registerDevice,
  sessionsOf,
  signInDevice,
  startBrowser,
  startDevice,
} from './support/programs.ts'

const ALICE = 'alice@example.com'

suite('an application that brings another issuer’s assertion', () => {
  test('gets tokens for the person whom it names, and an id token that verifies by our published keys', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    const assertion = await issuer.issue(AUDIENCE, ALICE)
    const tokens = await asking(instance).createTokenWithIAM({ clientId, grantType: GRANT_TYPES.jwtBearer, assertion })
    assert.equal(tokens.tokenType, 'Bearer')
    assert.equal(tokens.expiresIn, 3_600)
    assert.equal(tokens.issuedTokenType, TOKEN_TYPES.refreshToken)
    assert.deepEqual(tokens.scope, ['reports:read', 'reports:write', 'openid', 'aws', 'sts:identity_context'])

    const claims = await verified(instance, tokens.idToken, clientId)
    const alice = await instance.storage.findUserByName({ userName: 'alice' })
    assert.equal(claims.sub, alice?.id)
    assert.equal(claims['aws:identity_store_id'], instance.deps.instance.identityStoreId)
    assert.match(String(claims['aws:instance_arn']), /^arn:aws:sso:::instance\/ssoins-[0-9a-f]{16}$/)
    assert.match(String(claims.auth_time), /^\d{4}-\d\d-\d\dT/)
    assert.equal(claims['sts:identity_context'], tokens.awsAdditionalDetails?.identityContext)
    assert.match(JSON.stringify(claims.act), /:trustedTokenIssuer\/ssoins-[0-9a-f]{16}\/tti-[0-9a-f-]{36}"/)
  })

  test('continues with the refresh token, and gets no second id token', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    const first = await redeem(instance, clientId, await issuer.issue(AUDIENCE, ALICE))
    instance.clock.now += 150_000
    const next = await asking(instance).createTokenWithIAM({
      clientId,
      grantType: GRANT_TYPES.refreshToken,
      refreshToken: first.refreshToken ?? '',
    })
    assert.notEqual(next.refreshToken, first.refreshToken)
    assert.equal(next.issuedTokenType, TOKEN_TYPES.refreshToken)
    assert.equal(next.idToken, undefined)
    assert.equal(next.awsAdditionalDetails, undefined)
  })

  test('is refused an address that the issuer has not verified, however it spells that', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    for (const verified of [false, 'false', 'no', ''])
      await assert.rejects(
        redeem(instance, clientId, await issuer.issue(AUDIENCE, ALICE, verified)),
        refused('InvalidGrantException'),
        JSON.stringify(verified),
      )
    await redeem(instance, clientId, await issuer.issue(AUDIENCE, ALICE, 'true'))
  })

  test('uses it once, on whichever node', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    const other = await instance.node()
    const assertion = await issuer.issue(AUDIENCE, ALICE)
    const all = [instance, other, instance, other].map((node) => redeem(node, clientId, assertion))
    const settled = await Promise.allSettled(all)
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1)
    await assert.rejects(redeem(other, clientId, assertion), refused('InvalidGrantException'))
  })

  test('may ask for fewer scopes: without openid there is no id token, and a refresh brings none back', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    const client = asking(instance)
    const assertion = await issuer.issue(AUDIENCE, ALICE)
    const scope = ['reports:read']
    const tokens = await client.createTokenWithIAM({ clientId, grantType: GRANT_TYPES.jwtBearer, assertion, scope })
    assert.deepEqual(tokens.scope, scope)
    assert.equal(tokens.idToken, undefined)
    const refreshToken = tokens.refreshToken ?? ''
    const again = { clientId, grantType: GRANT_TYPES.refreshToken, refreshToken }
    assert.deepEqual((await client.createTokenWithIAM(again)).scope, scope)
    await assert.rejects(
      client.createTokenWithIAM({ ...again, scope: ['reports:write'] }),
      refused('InvalidScopeException'),
    )
  })

  test('gets its id token in RS256 where it says that its readers need it', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer, { idTokenAlgorithm: 'RS256' })
    const tokens = await redeem(instance, clientId, await issuer.issue(AUDIENCE, ALICE))
    await verified(instance, tokens.idToken, clientId)
    assert.equal(decodeProtectedHeader(tokens.idToken ?? '').alg, 'RS256')
  })

  test('is refused for another audience, for a person who is not here, and for one who is not assigned', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    await assert.rejects(
      redeem(instance, clientId, await issuer.issue('payroll', ALICE)),
      refused('InvalidGrantException'),
    )
    await assert.rejects(
      redeem(instance, clientId, await issuer.issue(AUDIENCE, 'mallory@example.com')),
      refused('InvalidGrantException'),
    )
    await addApplication(instance, issuer.issuerUrl, { assignments: [] })
    await assert.rejects(
      redeem(instance, clientId, await issuer.issue(AUDIENCE, ALICE)),
      refused('AccessDeniedException'),
    )
    // An assertion that was refused for something else was not used up.
    const spared = await issuer.issue(AUDIENCE, ALICE)
    await assert.rejects(redeem(instance, clientId, spared), refused('AccessDeniedException'))
    await addApplication(instance, issuer.issuerUrl, { assignments: [{ user: null, group: 'Engineers' }] })
    await redeem(instance, clientId, spared)
  })

  test('is refused for a person who was disabled, and spends no assertion on it', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    // Before the issuer's own time: what she proves after the end of everything that she had counts again.
    instance.clock.now -= 5_000
    const assertion = await issuer.issue(AUDIENCE, ALICE)
    await enableAlice(instance, false)
    await assert.rejects(redeem(instance, clientId, assertion), refused('InvalidGrantException'))
    await enableAlice(instance, true)
    instance.clock.now += 2_000
    await redeem(instance, clientId, assertion)
  })

  test('is told to try again when the issuer’s keys cannot be fetched', async () => {
    const issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    const assertion = await issuer.issue(AUDIENCE, ALICE)
    await issuer[Symbol.asyncDispose]()
    await assert.rejects(redeem(instance, clientId, assertion), refused('ServiceUnavailableException'))
  })

  test('is refused once the assertion has expired', async () => {
    await using issuer = await startExternalIssuer()
    const { instance, clientId } = await withApplication(issuer)
    const assertion = await issuer.issue(AUDIENCE, ALICE)
    // Counted from the end that it names: on a busy machine it was issued well after the instance's clock was set.
    instance.clock.now = (decodeJwt(assertion).exp ?? 0) * 1000 + 60_000
    const body = { clientId, grantType: GRANT_TYPES.jwtBearer, assertion }
    assert.equal((await post(instance, body)).type, 'ExpiredTokenException')
  })
})

suite('an application that exchanges a token of another client', () => {
  test('gets an access token in the same session, which ends with it', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken: subjectToken } = await signIn(instance)
    const client = asking(instance)
    const tokens = await client.createTokenWithIAM(exchange(clientId, subjectToken))
    assert.equal(tokens.issuedTokenType, TOKEN_TYPES.accessToken)
    assert.equal(tokens.refreshToken, undefined)
    assert.deepEqual(tokens.scope, ['reports:read', 'openid', 'aws', 'sts:identity_context'])
    await verified(instance, tokens.idToken, clientId)
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)

    await instance.portal.logout({ accessToken: subjectToken })
    await assert.rejects(client.createTokenWithIAM(exchange(clientId, subjectToken)), refused('InvalidGrantException'))
    await assert.rejects(
      client.createTokenWithIAM(exchange(clientId, tokens.accessToken)),
      refused('InvalidGrantException'),
    )
  })

  test('gets a refresh token on request, in a session that does not outlive the person’s sign-in', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance)
    instance.clock.now += 60_000
    const tokens = await asking(instance).createTokenWithIAM({
      ...exchange(clientId, accessToken),
      requestedTokenType: TOKEN_TYPES.refreshToken,
    })
    assert.equal(tokens.issuedTokenType, TOKEN_TYPES.refreshToken)
    assert.ok(tokens.refreshToken)
    const sessions = await sessionsOf(instance, instance.people.alice)
    assert.deepEqual(
      sessions.map(({ flow }) => flow),
      ['application', 'device'],
    )
    assert.equal(sessions[0]?.expiresAt, sessions[1]?.expiresAt)
  })

  test('reaches no role with it that the device before it does not reach', async () => {
    const scopes = ['sso:account:access']
    const { instance, clientId } = await withApplication(undefined, { scopes })
    const { now } = instance.clock
    const stored = await instance.storage.readOrganization({})
    const permissionSets = stored.permissionSets.map((set) => ({ ...set, deviceFlow: 'off' as const }))
    const audit = { at: now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
    await instance.storage.applyOrganization({ organization: { ...stored, permissionSets }, now, audit })
    const { accessToken } = await signIn(instance, scopes)
    const role = { accountId: '111111111111', roleName: 'AdministratorAccess' }
    await assert.rejects(instance.portal.getRoleCredentials({ accessToken, ...role }), refused('ForbiddenException'))
    for (const requestedTokenType of [TOKEN_TYPES.accessToken, TOKEN_TYPES.refreshToken]) {
      const tokens = await asking(instance).createTokenWithIAM({
        ...exchange(clientId, accessToken),
        requestedTokenType,
      })
      const asked = instance.portal.getRoleCredentials({ accessToken: tokens.accessToken, ...role })
      await assert.rejects(asked, refused('ForbiddenException'), requestedTokenType)
    }
  })

  test('gets no token that outlives the one it came with, and so goes on for no longer by exchanging its own', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance)
    instance.clock.now += 2_400_000
    const { body: first } = await post(instance, exchange(clientId, accessToken))
    assert.equal(first.expiresIn, 1_200)
    instance.clock.now += 600_000
    const own = exchange(clientId, String(first.accessToken))
    assert.equal((await post(instance, own)).body.expiresIn, 600)
    const { type } = await post(instance, { ...own, requestedTokenType: TOKEN_TYPES.refreshToken })
    assert.equal(type, 'InvalidGrantException')
  })

  test('is refused a token of a session that went unused for too long', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance)
    instance.deps.settings.sessionIdleDuration = 900_000
    instance.clock.now += 899_999
    assert.equal((await post(instance, exchange(clientId, accessToken))).status, 200)
    instance.clock.now += 1
    const { type, body } = await post(instance, exchange(clientId, accessToken))
    assert.equal(type, 'InvalidGrantException')
    assert.match(String(body.error_description), /went unused for too long: it may for 15 minutes/)
  })

  test('is refused a token whose scopes do not name it', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signInDevice(instance)
    await assert.rejects(
      asking(instance).createTokenWithIAM(exchange(clientId, accessToken)),
      refused('InvalidGrantException'),
    )
  })

  test('never gets more than the subject had', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance)
    await assert.rejects(
      asking(instance).createTokenWithIAM({ ...exchange(clientId, accessToken), scope: ['reports:write'] }),
      refused('InvalidScopeException'),
    )
  })

  test('opens no account with what it got: the portal asks for its own scope', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken: subjectToken } = await signIn(instance, ['reports:read', 'sso:account:access'])
    const { accessToken } = await asking(instance).createTokenWithIAM(exchange(clientId, subjectToken))
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('ForbiddenException'))
  })

  test('is refused a person who is not assigned to it', async () => {
    const { instance, clientId } = await withApplication()
    const client = await signInDevice(instance, instance.people.bob, { scopes: ['reports:read'] })
    await assert.rejects(
      asking(instance).createTokenWithIAM(exchange(clientId, client.accessToken)),
      refused('AccessDeniedException'),
    )
  })
})

suite('an application whose person came through the browser', () => {
  test('redeems the code of its own consent page', async () => {
    const { instance, clientId } = await withApplication()
    const { code, codeVerifier } = await consent(instance, clientId)
    const redemption = {
      ...{ clientId, grantType: GRANT_TYPES.authorizationCode },
      ...{ code, codeVerifier, redirectUri: REPORTS_CALLBACK },
    }
    const tokens = await asking(instance).createTokenWithIAM(redemption)
    const claims = await verified(instance, tokens.idToken, clientId)
    assert.equal(claims.act, undefined)
    assert.equal(tokens.issuedTokenType, TOKEN_TYPES.refreshToken)
    await assert.rejects(
      asking(instance).createTokenWithIAM({ ...redemption, code: code.slice(0, -1) }),
      refused('InvalidGrantException'),
    )
  })

  test('cannot redeem it without a signature, since it has no secret', async () => {
    const { instance, clientId } = await withApplication()
    const { code, codeVerifier } = await consent(instance, clientId)
    const grant = { grantType: GRANT_TYPES.authorizationCode, code, codeVerifier, redirectUri: REPORTS_CALLBACK }
    await assert.rejects(
      instance.oidc.createToken({ clientId, clientSecret: 'ptc_cs_', ...grant }),
      refused('InvalidClientException'),
    )
  })
})

suite('what an application was given', () => {
  const scopes = ['sso:account:access']
  const role = { accountId: '111111111111', roleName: 'AdministratorAccess' }

  test('is worth nothing from the moment on in which the application is removed', async () => {
    const { instance, clientId } = await withApplication(undefined, { scopes })
    const { accessToken } = await signIn(instance, scopes)
    const tokens = await asking(instance).createTokenWithIAM(exchange(clientId, accessToken))
    await instance.portal.getRoleCredentials({ accessToken: tokens.accessToken, ...role })
    const other = await addApplication(instance, undefined, { name: 'another', scopes }, 'alone')
    await assert.rejects(
      instance.portal.getRoleCredentials({ accessToken: tokens.accessToken, ...role }),
      refused('UnauthorizedException'),
    )
    await assert.rejects(
      asking(instance).createTokenWithIAM(exchange(other, tokens.accessToken)),
      refused('InvalidGrantException'),
    )
    await assert.rejects(
      asking(instance).createTokenWithIAM(exchange(clientId, accessToken)),
      refused('InvalidClientException'),
    )
    assert.ok((await instance.portal.listAccounts({ accessToken })).accountList?.length, 'the person’s own goes on')
  })

  test('stops with the next call when the person is not assigned to the application any more', async () => {
    const { instance, clientId } = await withApplication(undefined, { scopes })
    const { accessToken: subjectToken } = await signIn(instance, scopes)
    const tokens = await asking(instance).createTokenWithIAM({
      ...exchange(clientId, subjectToken),
      requestedTokenType: TOKEN_TYPES.refreshToken,
    })
    const { accessToken, refreshToken = '' } = tokens
    await instance.portal.listAccounts({ accessToken })
    await addApplication(instance, undefined, { scopes, assignments: [{ user: 'bob', group: null }] })
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
    await assert.rejects(
      asking(instance).createTokenWithIAM({ clientId, grantType: GRANT_TYPES.refreshToken, refreshToken }),
      refused('AccessDeniedException'),
    )
  })
})

suite('whoever asks in an application’s name', () => {
  test('may be a person in a role that is an actor of it', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance, ['reports:read', 'sso:account:access'])
    const role = { accountId: '111111111111', roleName: 'AdministratorAccess' }
    const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
    assert.ok(roleCredentials.accessKeyId && roleCredentials.secretAccessKey)
    const { accessKeyId, secretAccessKey, sessionToken } = roleCredentials
    const client = asking(instance, { accessKeyId, secretAccessKey, sessionToken })
    await client.createTokenWithIAM(exchange(clientId, accessToken))
    await addApplication(instance, undefined, { actors: [] })
    await assert.rejects(client.createTokenWithIAM(exchange(clientId, accessToken)), refused('AccessDeniedException'))
  })

  test('may not be a person in another role', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance, ['reports:read', 'sso:account:access'])
    const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }
    const {
      accessKeyId = '',
      secretAccessKey = '',
      sessionToken,
    } = (await instance.portal.getRoleCredentials({ accessToken, ...role })).roleCredentials
    const client = asking(instance, { accessKeyId, secretAccessKey, sessionToken })
    await assert.rejects(client.createTokenWithIAM(exchange(clientId, accessToken)), refused('AccessDeniedException'))
  })

  test('must sign with a secret that goes with the access key', async () => {
    const { instance, clientId } = await withApplication()
    const { accessKeyId } = accessKeyOf(instance.deps.sealer, instance.deps.instance, 'reports-server')
    const wrong = asking(instance, { accessKeyId, secretAccessKey: 'a guess' })
    await assert.rejects(wrong.createTokenWithIAM(exchange(clientId, 'x')), refused('InvalidSignatureException'))
    const unknown = asking(instance, { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'a guess' })
    await assert.rejects(unknown.createTokenWithIAM(exchange(clientId, 'x')), refused('UnrecognizedClientException'))
  })

  test('is sent to the right region', async () => {
    const { instance, clientId } = await withApplication()
    const elsewhere = asking(instance, undefined, 'eu-central-1')
    await assert.rejects(elsewhere.createTokenWithIAM(exchange(clientId, 'x')), (error: unknown) => {
      const { name, members } = error as { name: string; members: Record<string, unknown> }
      assert.equal(name, 'InvalidRequestRegionException')
      assert.deepEqual({ ...members }, { endpoint: instance.origin, region: 'us-east-1' })
      return true
    })
  })

  test('is told when it asks too often', async () => {
    const { instance, clientId } = await withApplication(undefined, {}, 1)
    const client = asking(instance)
    const asked = Array.from({ length: 3 }, () => client.createTokenWithIAM(exchange(clientId, 'x')))
    const settled = await Promise.allSettled(asked)
    const names = settled.map((one) => (one.status === 'rejected' ? one.reason.name : 'fulfilled'))
    assert.ok(names.includes('SlowDownException'), names.join())
  })

  for (const [what, changes, expected] of [
    ['a grant type that does not exist', { grantType: 'password' }, 'UnsupportedGrantTypeException'],
    ['a grant type of devices', { grantType: GRANT_TYPES.deviceCode }, 'UnsupportedGrantTypeException'],
    ['no application', { clientId: 'arn:aws:sso::1:application/none' }, 'InvalidClientException'],
    ['no subject', { subjectToken: undefined }, 'InvalidRequestException'],
    ['a subject of another type', { subjectTokenType: TOKEN_TYPES.refreshToken }, 'InvalidRequestException'],
    ['a token of another type', { requestedTokenType: 'urn:x' }, 'InvalidRequestException'],
    ['a subject that is not ours', { subjectToken: 'ptc_at_forged' }, 'InvalidGrantException'],
    ['no assertion', { grantType: GRANT_TYPES.jwtBearer }, 'InvalidRequestException'],
    ['what is no assertion', { grantType: GRANT_TYPES.jwtBearer, assertion: 'x' }, 'InvalidGrantException'],
    [
      'a refresh token that is none',
      { grantType: GRANT_TYPES.refreshToken, refreshToken: 'x' },
      'InvalidGrantException',
    ],
  ] as const)
    test(`meets ${expected} with ${what}`, async () => {
      const { instance, clientId } = await withApplication()
      assert.equal((await post(instance, { ...exchange(clientId, 'x'), ...changes })).type, expected)
    })

  test('meets InternalServerException, and nothing else, when something fails inside', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance)
    await instance.storage.close()
    const { status, type } = await post(instance, exchange(clientId, accessToken))
    assert.deepEqual({ status, type }, { status: 500, type: 'InternalServerException' })
  })

  test('meets UnauthorizedClientException with a grant that the application does not have', async () => {
    const { instance, clientId } = await withApplication(undefined, { grants: [GRANT_TYPES.jwtBearer] })
    await assert.rejects(
      asking(instance).createTokenWithIAM(exchange(clientId, 'x')),
      refused('UnauthorizedClientException'),
    )
  })

  test('meets ExpiredTokenException with a subject that has lapsed', async () => {
    const { instance, clientId } = await withApplication()
    const { accessToken } = await signIn(instance)
    instance.clock.now += 3_600_000
    assert.equal((await post(instance, exchange(clientId, accessToken))).type, 'ExpiredTokenException')
  })
})

suite('a client that names an application when it registers', () => {
  test('may have that application’s scopes and no others', async () => {
    const { instance, clientId: entitledApplicationArn } = await withApplication()
    const registration = { clientName: 'cli', clientType: 'public', entitledApplicationArn }
    await instance.oidc.registerClient({ ...registration, scopes: ['reports:read', 'openid'] })
    await assert.rejects(
      instance.oidc.registerClient({ ...registration, scopes: ['payroll:read'] }),
      refused('InvalidScopeException'),
    )
    await assert.rejects(
      instance.oidc.registerClient({ ...registration, entitledApplicationArn: `${entitledApplicationArn}0` }),
      refused('InvalidClientMetadataException'),
    )
  })

  test('lets in whoever may use the application, and nobody else', async () => {
    const { instance, clientId: entitledApplicationArn } = await withApplication()
    const { alice, bob } = instance.people
    const { accessToken } = await signInDevice(instance, alice, { scopes: ['openid'], entitledApplicationArn })
    assert.ok(accessToken)
    await assert.rejects(
      signInDevice(instance, bob, { scopes: ['openid'], entitledApplicationArn }),
      refused('AccessDeniedException'),
    )
    const { url } = await startBrowser(
      instance,
      await registerBrowser(instance, { scopes: ['openid'], entitledApplicationArn }),
    )
    const { location } = await instance.browser().decide(url({ scopes: 'openid' }), bob)
    assert.equal(answerIn(location).error, 'access_denied')
  })

  test('stops when the person may not use the application any more', async () => {
    const { instance, clientId: entitledApplicationArn } = await withApplication()
    const scopes = ['openid']
    const { accessToken, refresh } = await signInDevice(instance, undefined, { scopes, entitledApplicationArn })
    const userInfo = () =>
      ask(instance, oauth2.operations.userInfo.path, { headers: { authorization: `Bearer ${accessToken}` } })
    assert.equal((await userInfo()).status, 200)
    await addApplication(instance, undefined, { assignments: [] })
    assert.equal((await userInfo()).status, 401)
    await assert.rejects(refresh(), refused('AccessDeniedException'))
  })

  test('is known nowhere any more once the application is gone', async () => {
    const { instance, clientId: entitledApplicationArn } = await withApplication()
    const scopes = ['openid']
    const { refresh } = await signInDevice(instance, undefined, { scopes, entitledApplicationArn })
    const waiting = await startDevice(instance, await registerDevice(instance, { scopes, entitledApplicationArn }))
    const program = await startBrowser(instance, await registerBrowser(instance, { scopes, entitledApplicationArn }))
    await instance.browser().decide(waiting.grant.verificationUriComplete ?? '', instance.people.alice)
    await addApplication(instance, undefined, { name: 'another' }, 'alone')
    for (const asked of [() => refresh(), () => waiting.poll(), () => startDevice(instance, waiting.client)])
      await assert.rejects(asked(), refused('InvalidClientException'))
    const page = await instance.browser().open(program.url({ scopes: 'openid' }))
    assert.match(page.html, /is not registered/)
    const form = { client_id: waiting.client.clientId, client_secret: waiting.client.clientSecret }
    const body = new URLSearchParams({ ...form, grant_type: GRANT_TYPES.deviceCode, device_code: 'x' }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await ask(instance, oauth2.operations.token.path, { body, headers })
    assert.equal(answer.body.error, 'invalid_client')
  })
})

async function withApplication(
  issuer?: ExternalIssuer,
  changes: Parameters<typeof addApplication>[2] = {},
  mintsPerSecond = 0,
): Promise<{ instance: TestInstance; clientId: string }> {
  const limits = { registrationsPerSecond: 0, deviceGrantsPerSecond: 0, pendingDeviceGrants: 0, mintsPerSecond }
  const instance = await testInstance({ limits })
  // Others sign and issue by the machine's clock.
  instance.clock.now = Date.now()
  return { instance, clientId: await addApplication(instance, issuer?.issuerUrl, changes) }
}

async function enableAlice(instance: TestInstance, enabled: boolean): Promise<void> {
  const { now } = instance.clock
  const audit = { at: now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  await instance.storage.setUserEnabled({
    userName: 'alice',
    enabled,
    shutOut: true,
    revokedUntil: now + 60_000,
    now,
    audit,
  })
}

const redeem = (instance: TestInstance, clientId: string, assertion: string) =>
  asking(instance).createTokenWithIAM({ clientId, grantType: GRANT_TYPES.jwtBearer, assertion })

const exchange = (clientId: string, subjectToken: string) => ({
  ...{ clientId, subjectToken },
  grantType: GRANT_TYPES.tokenExchange,
  subjectTokenType: TOKEN_TYPES.accessToken,
})

const signIn = (instance: TestInstance, scopes = ['reports:read']) =>
  signInDevice(instance, instance.people.alice, { scopes })

async function consent(instance: TestInstance, clientId: string): Promise<{ code: string; codeVerifier: string }> {
  const program = await startBrowser(instance, { clientId, clientSecret: '' })
  const url = program.url({ redirect_uri: REPORTS_CALLBACK, scopes: 'reports:read openid' })
  const { location } = await instance.browser().decide(url, instance.people.alice)
  return { code: answerIn(location).code ?? '', codeVerifier: program.codeVerifier }
}

/** The claims of an id token that a reader believes who only knows where our keys are. */
async function verified(instance: TestInstance, idToken: string | undefined, audience: string) {
  const keySet = createRemoteJWKSet(new URL(instance.origin + jwks.path), {
    [customFetch]: (url, options) => instance.fetch(new Request(url, options as RequestInit)),
  })
  const { payload } = await jwtVerify(idToken ?? '', keySet, {
    issuer: instance.origin,
    audience,
    currentDate: new Date(instance.clock.now),
  })
  assert.deepEqual(decodeJwt(idToken ?? ''), payload)
  return payload
}
