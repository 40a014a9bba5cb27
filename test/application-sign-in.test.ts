/**
 * A web application that the organization file describes, as a relying party of the standard endpoints: its registration does
 * not lapse, and it has an address to return to after signing out.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as openid from 'openid-client'
import { applicationSecret } from '../packages/portico/src/core/applications/secrets.ts'
import { addApplication, REPORTS_CALLBACK } from './support/application.ts'
import { type TestInstance, testInstance } from './support/instance.ts'

const BYE = 'https://reports.example.com/bye'
const SCOPE = 'openid email'

/** The application, as a program that uses a library knows it. */
async function relyingParty(instance: TestInstance, secret?: string) {
  const arn = await addApplication(instance, undefined, {
    ...{ scopes: ['email'], postLogoutRedirectUris: [BYE] },
  })
  const config = await openid.discovery(
    new URL(instance.origin),
    arn,
    undefined,
    openid.ClientSecretBasic(secret ?? applicationSecret(instance.deps.sealer, arn)),
    {
      execute: [openid.allowInsecureRequests],
      [openid.customFetch]: (url, init) => instance.fetch(new Request(url, init as RequestInit)),
    },
  )
  const signIn = async (browser = instance.browser()) => {
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: REPORTS_CALLBACK,
      scope: SCOPE,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const { location } = await browser.decide(url.href, instance.people.alice)
    return openid.authorizationCodeGrant(config, new URL(location ?? ''), { pkceCodeVerifier })
  }
  return { arn, config, signIn }
}

/** The libraries read the machine's clock, so the instance's is set to it. */
async function instanceOfNow(): Promise<TestInstance> {
  const instance = await testInstance()
  instance.clock.now = Date.now()
  return instance
}

suite('a web application that the organization file describes', () => {
  test('signs people in with its ARN and its secret, and refreshes', async () => {
    const instance = await instanceOfNow()
    const { arn, config, signIn } = await relyingParty(instance)
    const tokens = await signIn()
    assert.deepEqual([tokens.claims()?.aud, tokens.scope], [arn, SCOPE])
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    assert.equal(
      (await openid.fetchUserInfo(config, refreshed.access_token, tokens.claims()?.sub ?? '')).sub,
      tokens.claims()?.sub,
    )
  })

  test('does so as long as it is described, under whichever keys came since', async () => {
    const instance = await instanceOfNow()
    const { config } = await relyingParty(instance)
    const known = config.clientMetadata().client_id
    instance.clock.now += 400 * 86_400_000
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none' })
    const ask = (secret: string) =>
      instance.fetch(
        new Request(`${instance.origin}/oauth2/token`, {
          method: 'POST',
          body,
          headers: { authorization: `Basic ${btoa(`${encodeURIComponent(known)}:${secret}`)}` },
        }),
      )
    // The client is known; only what it redeems is not.
    assert.equal(
      ((await (await ask(applicationSecret(instance.deps.sealer, known))).json()) as { error: string }).error,
      'invalid_grant',
    )
  })

  test('is refused with another secret, or without one', async () => {
    const instance = await instanceOfNow()
    const others = applicationSecret(instance.deps.sealer, 'arn:aws:sso::000000000000:application/ssoins-0/apl-0')
    for (const secret of [others, 'guess']) {
      const { signIn } = await relyingParty(instance, secret)
      await assert.rejects(signIn(), openid.WWWAuthenticateChallengeError)
    }
    const { config } = await relyingParty(instance)
    const body = new URLSearchParams({
      ...{ grant_type: 'refresh_token', refresh_token: 'none', client_id: config.clientMetadata().client_id },
    })
    const bare = await instance.fetch(new Request(`${instance.origin}/oauth2/token`, { method: 'POST', body }))
    assert.equal(((await bare.json()) as { error: string }).error, 'invalid_client')
  })

  test('gets people back at its registered address after they signed out, unasked where it knows them', async () => {
    const instance = await instanceOfNow()
    const { config, signIn } = await relyingParty(instance)
    const { id_token = '' } = await signIn()
    const address = (uri: string) =>
      openid.buildEndSessionUrl(config, { id_token_hint: id_token, post_logout_redirect_uri: uri }).href
    assert.equal((await instance.browser().open(address(BYE))).location, BYE)
    assert.equal((await instance.browser().open(address(REPORTS_CALLBACK))).location, null)
  })
})
