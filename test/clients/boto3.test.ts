/** boto3, unmodified: the whole journey, and on with the session that the AWS CLI made, for they share the token cache. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { launchChromium } from '../browser/chromium.ts'
import { decideInBrowser } from '../support/approve.ts'
import { startPortico } from '../support/portico.ts'
import { createAwsHome, firstRole } from './aws-home.ts'
import { cli2, pythonWithBoto3 } from './installed.ts'
import { travel } from './journey.ts'
import { clients } from './versions.ts'

test('boto3 uses the token that the AWS CLI got, and refreshes it when it nears its end', async () => {
  await using portico = await startPortico()
  const { accountId, roleName } = firstRole(portico)
  await using home = await createAwsHome(portico, {
    accountId,
    roleName,
    startUrl: portico.startUrlAlias,
  })

  await using browser = await launchChromium()
  const login = home.start(cli2, ['sso', 'login', '--sso-session', 'corp'])
  await decideInBrowser(browser, { url: await home.openedUrl(login), person: portico.person('alice') })
  assert.equal((await login.ended).code, 0)

  const identity = () => home.run(pythonWithBoto3, [join(import.meta.dirname, 'boto3-identity.py'), 'dev'])
  const { Account, Arn } = JSON.parse(await identity()) as { Account: string; Arn: string }
  assert.equal(Account, accountId)
  assert.match(Arn, /\/alice$/)

  const before = await home.token()
  await home.editToken({ expiresAt: new Date(Date.now() + 60_000).toISOString().replace(/\.\d+Z$/, 'Z') })
  await identity()
  const after = await home.token()
  assert.notEqual(after?.accessToken, before?.accessToken)
  assert.ok(after?.refreshToken)
})

test(`boto3 ${clients.boto3.version} goes through the whole journey`, async () => {
  await using portico = await startPortico()
  const args = [join(import.meta.dirname, 'boto3-journey.py')]
  // boto3 catches the service's UnauthorizedException and raises its own in its place.
  const names = { 'by a profile with an sso-session, signed out': 'UnauthorizedSSOTokenError' }
  const version = await travel(portico, { client: 'boto3', program: pythonWithBoto3, args, names })
  assert.equal(version, clients.boto3.version)
})
