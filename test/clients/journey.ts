/**
 * One whole journey that every AWS SDK makes: a program registers, waits for a person, gets its tokens, lists what the
 * person may use, gets role credentials, shows who it is, and signs out, with each way to be refused in between.
 *
 * The program is written once in each language, with that language's SDK as it is published. It says what it does in lines
 * of JSON; what the SDK cannot do itself it asks for, and goes on when a line comes back:
 *
 * * `{"operation", "grant", "outcome"}`: it called an operation. The outcome is `ok`, or the class of the error it caught.
 * * `{"open", "decision"}`: somebody must open that address and decide. The answer is where the browser was sent at last.
 * * `{"cache"}`: these tokens belong into the token cache that the AWS tools share.
 * * `{"sdk"}`: its SDK's version, when all is done.
 */
import assert from 'node:assert/strict'
import { formBrowser } from '../support/form-browser.ts'
import type { RunningPortico } from '../support/portico.ts'
import { createAwsHome, firstRole } from './aws-home.ts'
import { keepResults } from './results.ts'
import { cacheToken, sessionToken, type Tokens } from './token-cache.ts'

/** One call: what was asked, by which grant if it asks for tokens, and how it ended. */
export type Step = { operation: string; grant: string | null; outcome: string }

/** What a journey has for each of its calls: the step, and what was special about it. */
export type ExpectedStep = Step & { when: string }

const call = (operation: string, grant: string | null) => (when: string, outcome: string) => ({
  operation,
  grant,
  when,
  outcome,
})
const registerClient = call('RegisterClient', null)
const startDeviceAuthorization = call('StartDeviceAuthorization', null)
const byDeviceCode = call('CreateToken', 'urn:ietf:params:oauth:grant-type:device_code')
const byRefreshToken = call('CreateToken', 'refresh_token')
const byAuthorizationCode = call('CreateToken', 'authorization_code')
const byPassword = call('CreateToken', 'password')
const listAccounts = call('ListAccounts', null)
const listAccountRoles = call('ListAccountRoles', null)
const getRoleCredentials = call('GetRoleCredentials', null)
const getCallerIdentity = call('GetCallerIdentity', null)
const logout = call('Logout', null)

/** The journey, in its order. */
export const journey: readonly ExpectedStep[] = [
  registerClient('for the device flow', 'ok'),
  startDeviceAuthorization('', 'ok'),
  byDeviceCode('nobody has decided', 'AuthorizationPendingException'),
  byDeviceCode('a person has approved', 'ok'),
  byDeviceCode('another client asks', 'InvalidGrantException'),
  byDeviceCode('asked without a pause', 'SlowDownException'),
  byDeviceCode('a person has denied', 'AccessDeniedException'),
  byDeviceCode('the client secret is wrong', 'InvalidClientException'),
  byPassword('there is no such grant type', 'UnsupportedGrantTypeException'),
  byRefreshToken('', 'ok'),
  byRefreshToken('the refresh token is none', 'InvalidGrantException'),
  listAccounts('page by page', 'ok'),
  listAccountRoles('page by page', 'ok'),
  getRoleCredentials('', 'ok'),
  getRoleCredentials('the role is not assigned', 'ForbiddenException'),
  listAccounts('the access token is none', 'UnauthorizedException'),
  getCallerIdentity('with role credentials', 'ok'),
  getCallerIdentity('by a profile with an sso-session whose cached token has ended', 'ok'),
  getCallerIdentity('by a profile without an sso-session', 'ok'),
  registerClient('for the browser flow', 'ok'),
  byAuthorizationCode('the code verifier is wrong', 'InvalidGrantException'),
  byAuthorizationCode('', 'ok'),
  logout('', 'ok'),
  listAccounts('signed out', 'UnauthorizedException'),
  byRefreshToken('signed out', 'InvalidGrantException'),
  getCallerIdentity('by a profile with an sso-session, signed out', 'UnauthorizedException'),
]

type Message = Step | { open: string; decision: 'approve' | 'deny' } | { cache: Tokens } | { sdk: string }

/** A client and its program. */
export type Traveller = {
  /** What people call the client. */
  client: string
  program: string
  args?: readonly string[]
  /** What the program needs in its environment beside what every AWS tool finds there. */
  env?: Readonly<Record<string, string>>
  /** Outcomes to which the client gives a name of its own, by the `when` of their steps. */
  names?: Readonly<Record<string, string>>
}

/**
 * Runs a program through the journey as alice, holds what it saw against what it should see, and keeps that as data. Answers the
 * SDK's version.
 *
 * @throws AssertionError with the program's and the server's words, if anything differs.
 */
export async function travel(
  portico: RunningPortico,
  { client, program, args = [], env = {}, names = {} }: Traveller,
): Promise<string> {
  const { accountId, roleName } = firstRole(portico)
  await using home = await createAwsHome(portico, { accountId, roleName })
  Object.assign(home.env, {
    AWS_REGION: portico.region,
    AWS_DEFAULT_REGION: portico.region, // the only name that Python knows
    START_URL: portico.startUrl,
    ACCOUNT_ID: accountId,
    ROLE_NAME: roleName,
    ...env,
  })
  const running = home.start(program, args)
  const steps: Step[] = []
  let sdk: string | undefined
  for (let line = 0; sdk === undefined; line++) {
    const [, text = ''] = await running.printed(new RegExp(`^(?:.*\n){${line}}(.*)\n`))
    const message = JSON.parse(text) as Message
    if ('operation' in message) steps.push(message)
    else if ('open' in message) {
      const { location } = await formBrowser().decide(message.open, portico.person('alice'), message.decision)
      running.type(`${location ?? ''}\n`)
    } else if ('cache' in message) {
      await cacheToken(home, portico, message.cache)
      running.type('\n')
    } else sdk = message.sdk
  }
  const { code } = await running.ended
  assert.equal(code, 0, running.explain(`ended with ${code}`))

  const expected = journey.map((step) => ({ ...step, outcome: names[step.when] ?? step.outcome }))
  assert.deepEqual(
    steps,
    expected.map(({ when: _, ...step }) => step),
    running.explain('went another way'),
  )
  const { expiresAt, refreshToken } = await sessionToken(home)
  assert.ok(Date.parse(expiresAt) > Date.now() && refreshToken, 'the refreshed token is in the shared cache')
  await keepResults({ client, version: sdk, steps: expected })
  return sdk
}
