/** boto3, unmodified, goes on with the session that the AWS CLI made: they share the token cache. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { launchChromium } from '../browser/chromium.ts'
import { decideInBrowser } from '../support/approve.ts'
import { startPortico } from '../support/portico.ts'
import { createAwsHome } from './aws-home.ts'
import { newestCli, pythonWithBoto3 } from './installed.ts'

test('boto3 uses the token that the AWS CLI got, and refreshes it when it nears its end', async () => {
  await using portico = await startPortico()
  const [account] = portico.accounts.filter(({ roles }) => roles.length > 0)
  assert.ok(account?.roles[0] !== undefined, 'the demo organization has a role')
  const { accountId } = account
  await using home = await createAwsHome(portico, {
    accountId,
    roleName: account.roles[0],
    startUrl: portico.startUrlAlias,
  })

  await using browser = await launchChromium()
  const login = home.start(newestCli, ['sso', 'login', '--sso-session', 'corp'])
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
