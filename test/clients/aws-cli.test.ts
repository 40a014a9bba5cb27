/**
 * The AWS CLI, unmodified, signs a person in against a server of ours: that of Debian 12, and one of this autumn.
 * Every decision is made in a real browser.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { type Decision, decideInBrowser, signIn } from '../support/approve.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { type AwsHome, createAwsHome, firstRole } from './aws-home.ts'
import { cli2, cliOfDebian12 } from './installed.ts'
import type { Ended } from './program.ts'
import { clients } from './versions.ts'

let portico: RunningPortico
let browser: Browser
before(async () => {
  ;[portico, browser] = await Promise.all([startPortico(), launchChromium()])
})
after(async () => {
  await browser?.close()
  await portico?.[Symbol.asyncDispose]()
})

/** Alice's own machine; her first account and role. */
async function alicesMachine(startUrl?: string): Promise<AwsHome> {
  const { accountId, roleName } = firstRole(portico)
  return createAwsHome(portico, { accountId, roleName, ...(startUrl === undefined ? {} : { startUrl }) })
}

/** Runs a login command and decides on the page that it opens. */
async function login(
  home: AwsHome,
  cli: string,
  args: readonly string[],
  decision: Decision = 'approve',
): Promise<Ended> {
  const running = home.start(cli, ['sso', 'login', ...args])
  const url = await home.openedUrl(running)
  await decideInBrowser(browser, { url, person: portico.person('alice'), decision })
  return running.ended
}

async function signedIn(home: AwsHome, cli: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await login(home, cli, args)
  assert.equal(code, 0, `login failed: ${stdout}${stderr}\nserver: ${portico.log().slice(-4000)}`)
}

/** Alice, in a browser of hers, ends the program that she let in last. */
async function endNewestProgram(): Promise<void> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${portico.url}/account`)
  await signIn(page, portico.person('alice'))
  const newest = page.locator('.signed-in-item', { hasText: 'unverified' }).first()
  await newest.getByRole('button', { name: 'End it' }).click()
  await page.getByText('It is signed out, from this moment on.').waitFor()
  await context.close()
}

async function callerIdentity(home: AwsHome, cli: string, profile: string): Promise<{ Account: string; Arn: string }> {
  const printed = await home.run(cli, ['sts', 'get-caller-identity', '--profile', profile, '--output', 'json'])
  return JSON.parse(printed) as { Account: string; Arn: string }
}

function assertAlices({ Account, Arn }: { Account: string; Arn: string }): void {
  const { accountId, roleName } = firstRole(portico)
  assert.equal(Account, accountId)
  assert.match(
    Arn,
    new RegExp(`^arn:aws:sts::${accountId}:assumed-role/AWSReservedSSO_${roleName}_[0-9a-f]{16}/alice$`),
  )
}

const soon = () => new Date(Date.now() + 120_000).toISOString().replace(/\.\d+Z$/, 'Z')

const newer = `AWS CLI ${clients['aws-cli-2'].version}`

const versions = [
  {
    name: `AWS CLI ${clients['aws-cli-2-of-debian-12'].version}`,
    cli: cliOfDebian12,
    device: [],
    startUrl: () => portico.startUrl,
  },
  // Since 2.35.13 it wants a start URL whose host belongs to AWS; it never contacts it.
  { name: newer, cli: cli2, device: ['--use-device-code'], startUrl: () => portico.startUrlAlias },
]

for (const { name, cli, device, startUrl } of versions) {
  describe(name, () => {
    test('`aws sso login` with an sso-session signs in, and the role credentials open something', async () => {
      await using home = await alicesMachine(startUrl())
      await signedIn(home, cli, ['--profile', 'dev', ...device])
      assertAlices(await callerIdentity(home, cli, 'dev'))
      const token = await home.token()
      assert.ok(token?.refreshToken, 'a session with scopes gets a refresh token')
    })

    test('`--no-browser` prints an address and a code to type elsewhere', async () => {
      await using home = await alicesMachine(startUrl())
      const running = home.start(cli, ['sso', 'login', '--profile', 'dev', '--no-browser', ...device])
      const [, url = ''] = await running.printed(/^(http\S+\/device)$/m)
      const [userCode] = await running.printed(/^[A-Z]{4}-[A-Z]{4}$/m)
      await decideInBrowser(browser, { url, userCode, person: portico.person('alice') })
      assert.equal((await running.ended).code, 0)
      assertAlices(await callerIdentity(home, cli, 'dev'))
    })

    test('a profile without an sso-session signs in as well', async () => {
      await using home = await alicesMachine(startUrl())
      await signedIn(home, cli, ['--profile', 'legacy'])
      assertAlices(await callerIdentity(home, cli, 'legacy'))
    })

    test('accounts and roles are listed for the token, and logout ends it', async () => {
      await using home = await alicesMachine(startUrl())
      await signedIn(home, cli, ['--profile', 'dev', ...device])
      const token = (await home.token())?.accessToken ?? ''
      const list = (...args: string[]) => [
        ...args,
        '--access-token',
        token,
        '--region',
        portico.region,
        '--endpoint-url',
        portico.url,
        '--output',
        'json',
      ]
      const { accountList } = JSON.parse(await home.run(cli, list('sso', 'list-accounts'))) as {
        accountList: { accountId: string; accountName: string }[]
      }
      const { accountId, roleName } = firstRole(portico)
      assert.ok(accountList.some((account) => account.accountId === accountId))
      const roles = await home.run(cli, list('sso', 'list-account-roles', '--account-id', accountId))
      const { roleList } = JSON.parse(roles) as { roleList: { roleName: string }[] }
      assert.ok(roleList.some((role) => role.roleName === roleName))

      await home.run(cli, ['sso', 'logout'])
      assert.equal(await home.token(), undefined)
      const refused = await home.runToFailure(cli, list('sso', 'list-accounts'))
      assert.match(refused.stderr, /UnauthorizedException/)
    })

    test('a session that its person ends on the account page is over for the tool, which says why', async () => {
      await using home = await alicesMachine(startUrl())
      await signedIn(home, cli, ['--profile', 'dev', ...device])
      assertAlices(await callerIdentity(home, cli, 'dev'))
      await endNewestProgram()
      const whoAmI = async () =>
        (await home.runToFailure(cli, ['sts', 'get-caller-identity', '--profile', 'dev'])).stderr
      assert.match(await whoAmI(), /The session behind these credentials has ended\. Sign in again\./)
      // Without those credentials it asks for new ones, and then for a new token: it has words of its own for both refusals.
      await home.forgetCredentials()
      assert.match(
        await whoAmI(),
        /has expired or is otherwise invalid\. To refresh this SSO session run aws sso login/,
      )
      await home.editToken({ expiresAt: soon() })
      assert.match(
        await whoAmI(),
        /has expired or is otherwise invalid\. To refresh this SSO session run aws sso login/,
      )
    })

    test('a token near its end is refreshed without asking anybody', async () => {
      await using home = await alicesMachine(startUrl())
      await signedIn(home, cli, ['--profile', 'dev', ...device])
      const first = await home.token()
      await home.editToken({ expiresAt: soon() })
      assertAlices(await callerIdentity(home, cli, 'dev'))
      const second = await home.token()
      assert.notEqual(second?.accessToken, first?.accessToken)
      assert.ok(second?.refreshToken, 'the answer to a refresh carries a refresh token: clients forget it otherwise')

      await home.editToken({ expiresAt: soon() })
      await home.forgetCredentials()
      assertAlices(await callerIdentity(home, cli, 'dev'))
      assert.notEqual((await home.token())?.accessToken, second?.accessToken)
    })

    test('`aws configure sso` asks its questions, finds the account and the role, and writes a profile that works', async () => {
      await using home = await alicesMachine(startUrl())
      // `script` gives it the terminal that its menus need, one that does not say where its cursor is.
      const command = `PROMPT_TOOLKIT_NO_CPR=1 ${cli} configure sso`
      const running = home.start('/usr/bin/script', ['-qec', command, '/dev/null'])
      const answer = async (question: RegExp, text: string) => {
        await running.printed(question)
        running.type(`${text}\r`)
      }
      await answer(/SSO session name/, 'configured')
      await answer(/SSO start URL/, startUrl())
      await answer(/SSO region/, portico.region)
      await answer(/SSO registration scopes/, '')
      await decideInBrowser(browser, { url: await home.openedUrl(running), person: portico.person('alice') })
      await answer(/accounts available to you[\s\S]*> .*\d{12}/, '')
      await answer(/roles available to you[\s\S]*> \w+/, '')
      await answer(/[Dd]efault client Region/, portico.region)
      await answer(/default output format/, 'json')
      await answer(/rofile name/, 'chosen')
      assert.equal((await running.ended).code, 0)
      assert.match((await callerIdentity(home, cli, 'chosen')).Arn, /AWSReservedSSO_\w+\/alice$/)
    })

    test('a denial ends the login', async () => {
      await using home = await alicesMachine(startUrl())
      const { code, stderr } = await login(home, cli, ['--profile', 'dev', ...device], 'deny')
      assert.notEqual(code, 0)
      assert.match(stderr, /AccessDenied/)
      assert.equal(await home.token(), undefined)
    })
  })
}

describe(`${newer}, through the browser`, () => {
  test('`aws sso login` uses PKCE, and the role credentials open something', async () => {
    await using home = await alicesMachine(portico.startUrlAlias)
    await signedIn(home, cli2, ['--profile', 'dev'])
    assertAlices(await callerIdentity(home, cli2, 'dev'))
  })

  test('credentials are exported in the form that other programs read', async () => {
    await using home = await alicesMachine(portico.startUrlAlias)
    await signedIn(home, cli2, ['--profile', 'dev'])
    const printed = await home.run(cli2, ['configure', 'export-credentials', '--profile', 'dev'])
    const credentials = JSON.parse(printed) as { Version: number; AccessKeyId: string; Expiration: string }
    assert.equal(credentials.Version, 1)
    assert.match(credentials.AccessKeyId, /^ASIA[A-Z2-7]{16}$/)
    assert.ok(Date.parse(credentials.Expiration) > Date.now())
  })

  test('a session of the browser flow is refreshed too', async () => {
    await using home = await alicesMachine(portico.startUrlAlias)
    await signedIn(home, cli2, ['--profile', 'dev'])
    const first = await home.token()
    await home.editToken({ expiresAt: soon() })
    assertAlices(await callerIdentity(home, cli2, 'dev'))
    assert.notEqual((await home.token())?.accessToken, first?.accessToken)
  })

  test('a denial reaches the CLI through its redirect', async () => {
    await using home = await alicesMachine(portico.startUrlAlias)
    const { code, stderr } = await login(home, cli2, ['--profile', 'dev'], 'deny')
    assert.notEqual(code, 0)
    assert.match(stderr, /authorization code/i)
  })
})
