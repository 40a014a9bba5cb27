/** The client commands of `portico`, each as a process, against a server that is another. */
import assert from 'node:assert/strict'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromSSO } from '@aws-sdk/credential-provider-sso'
import { sso } from 'ssooidc'
import { type CachedToken, credentialProvider, fileStore } from 'ssooidc/sign-in'
import { launchChromium } from '../browser/chromium.ts'
import { decideInBrowser } from '../support/approve.ts'
import { formBrowser } from '../support/form-browser.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { portico, porticoJson, shell, start } from './command.ts'
import { type Home, makeHome } from './home.ts'

let server: RunningPortico
let home: Home
before(async () => {
  ;[server, home] = await Promise.all([startPortico(), makeHome()])
  await porticoJson(home, ['configure', 'session', 'work', '--start-url', server.url, '--json'])
})
after(async () => {
  await home?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

const session = { name: 'work', startUrl: '', region: 'us-east-1' }
const profile = 'production-administratoraccess'

async function signIn(at = home, args: readonly string[] = []) {
  const running = start(at, ['login', '--method', 'device', '--no-browser', '--json', ...args])
  const url = await running.said(/(http:\S+user_code=\S+)/)
  await formBrowser().decide(url, server.person('alice'), 'approve', undefined, await numberOf(running))
  const { code, stdout, stderr } = await running.ended
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

/** What the terminal shows for the page to ask. */
const numberOf = (running: ReturnType<typeof start>) => running.said(/which number you see here. It is\s+(\d\d)\s/)

async function tokenFiles(at: Home): Promise<string[]> {
  return readdir(join(at.folder, '.aws/sso/cache')).catch(() => [])
}

async function token(): Promise<CachedToken> {
  const reading = await fileStore({ env: home.env }).read(session)
  assert.ok(reading.outcome === 'found')
  return reading.token
}

describe('portico login', () => {
  test('by device code: what a person must see is on standard error, the result on standard output', async () => {
    const result = await signIn()
    assert.equal(result.schemaVersion, 1)
    assert.equal(result.session, 'work')
    assert.equal(result.signedIn, 'now')
    assert.equal(result.startUrl, server.startUrlAlias)
  })

  test('asks nobody who is signed in, unless forced', async () => {
    assert.equal((await porticoJson<{ signedIn: string }>(home, ['login', '--json'])).signedIn, 'already')
    assert.equal((await signIn(home, ['--force'])).signedIn, 'now')
  })

  test('forced, it ends the session before, with the credentials that came of it', async () => {
    const { accessToken } = await token()
    assert.equal(
      (await portico(home, ['export', '--account', '111111111111', '--role', 'AdministratorAccess'])).code,
      0,
    )
    await signIn(home, ['--force'])
    await using portal = sso({ endpoint: server.url, env: {} })
    await assert.rejects(portal.listAccounts({ accessToken }), { name: 'UnauthorizedException' })
    assert.deepEqual(await readdir(join(home.folder, '.aws/cli/cache')), [])
  })

  test('in a real browser', async () => {
    const browser = await launchChromium()
    try {
      const running = start(home, ['login', '--force', '--method', 'pkce', '--no-browser', '--json'])
      const url = await running.said(/(http:\S+response_type=\S+)/)
      const page = await decideInBrowser(browser, { url, person: server.person('alice') })
      assert.match(page, /Signed in/)
      const { code, stdout, stderr } = await running.ended
      assert.equal(code, 0, stderr)
      assert.equal(JSON.parse(stdout).signedIn, 'now')
    } finally {
      await browser.close()
    }
  })

  test('denied: exit code 4, in JSON too', async () => {
    await using other = await makeHome()
    const running = start(other, ['login', server.url, '--method', 'device', '--no-browser', '--json'])
    const url = await running.said(/(http:\S+user_code=\S+)/)
    await formBrowser().decide(url, server.person('bob'), 'deny')
    const { code, stdout, stderr } = await running.ended
    assert.equal(code, 4)
    assert.equal(JSON.parse(stdout).error.exitCode, 4)
    assert.match(stderr, /denied/)
  })

  for (const signal of ['SIGINT', 'SIGHUP'] as const)
    test(`ended by ${signal}, it leaves nothing behind`, async () => {
      await using other = await makeHome()
      const running = start(other, ['login', server.url, '--method', 'device', '--no-browser'])
      await running.said(/user_code/)
      running.signal(signal)
      assert.equal((await running.ended).code, 130)
      assert.deepEqual(await readdir(other.folder), [])
    })

  test('with nobody in reach: exit code 6', async () => {
    await using other = await makeHome()
    const { code, stderr } = await portico(other, ['login', 'http://127.0.0.1:9', '--method', 'device'])
    assert.equal(code, 6, stderr)
    assert.match(stderr, /No answer from 127\.0\.0\.1:9: nothing listens at .* is the address right/)
  })

  test('with nothing configured it says how to', async () => {
    await using other = await makeHome()
    const { code, stderr } = await portico(other, ['login'])
    assert.equal(code, 2)
    assert.match(stderr, /portico configure session/)
  })
})

test('a session that is half said is called as the file calls it, with what to add', async () => {
  await using other = await makeHome()
  await mkdir(join(other.folder, '.aws'))
  await writeFile(join(other.folder, '.aws/config'), '[sso-session half]\nsso_region = us-east-1\n')
  const { code, stderr } = await portico(other, ['login'])
  assert.equal(code, 7)
  assert.equal(stderr, 'portico: sso-session half has no sso_start_url; add it to the shared config file.\n')
})

describe('portico login, told of a browser that is not there', () => {
  test('says so, and goes on with the address', async () => {
    const args = ['login', server.url, '--method', 'pkce', '--browser', 'no-such-browser', '--timeout', '1s']
    const { code, stderr } = await portico(home, args)
    assert.equal(code, 5)
    assert.match(stderr, /^The browser does not start: no-such-browser\n\nOpen this address:\n/)
  })
})

describe('portico configure session', () => {
  test('of a company’s own name for an Identity Center of AWS writes AWS’s, which every AWS CLI accepts, with its Region', async () => {
    await using other = await makeHome()
    const portal = 'https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws'
    const vanity = createServer((_, response) => response.writeHead(302, { location: portal }).end())
    await new Promise<void>((listening) => vanity.listen(0, '127.0.0.1', listening))
    const { port } = vanity.address() as AddressInfo // it listens on an address
    const { code, stderr } = await portico(other, [
      'configure',
      'session',
      'corp',
      '--start-url',
      `http://127.0.0.1:${port}/`,
    ])
    vanity.close()
    assert.equal(code, 0, stderr)
    const written = await readFile(join(other.folder, '.aws/config'), 'utf8')
    assert.match(written, new RegExp(`^sso_start_url = ${portal}$`, 'm'))
    assert.match(written, /^sso_region = eu-west-1$/m)
    assert.doesNotMatch(written, /endpoint_url/)
  })

  test('writes no misspelt start URL of a Portico, which nobody could sign in at', async () => {
    await using other = await makeHome()
    const typed = `${server.startUrl}t`
    const { code, stderr } = await portico(other, ['configure', 'session', 'work', '--start-url', typed])
    assert.equal(code, 2)
    assert.equal(stderr, `portico: ${typed} is not the start URL of the Portico there: give ${server.startUrl}.\n`)
    assert.deepEqual(await readdir(other.folder), [])
  })

  test('takes any start URL of a service that has no pages', async () => {
    await using other = await makeHome()
    const emulator = createServer((_, response) => response.writeHead(404).end())
    await new Promise<void>((listening) => emulator.listen(0, '127.0.0.1', listening))
    const { port } = emulator.address() as AddressInfo // it listens on an address
    const startUrl = `http://127.0.0.1:${port}/anything`
    const { code, stderr } = await portico(other, ['configure', 'session', 'work', '--start-url', startUrl])
    emulator.close()
    assert.equal(code, 0, stderr)
    assert.match(
      await readFile(join(other.folder, '.aws/config'), 'utf8'),
      new RegExp(`^sso_start_url = ${startUrl}$`, 'm'),
    )
  })
})

describe('portico configure, where the file cannot be written', () => {
  test('says so, and leaves neither half a file nor a draft', async () => {
    await using other = await makeHome()
    const args = `configure session work --start-url ${server.url}`
    const full = await shell(other, `ulimit -f 0; portico ${args}`)
    assert.equal(full.code, 7)
    assert.match(full.stderr, /^portico: \S+\/\.aws\/config cannot be written \(EFBIG\), and is as it was\.\n$/)
    assert.deepEqual(await readdir(join(other.folder, '.aws')), [])
  })
})

describe('with a sign-in', () => {
  test('accounts and roles are listed, for people and for programs', async () => {
    const { accounts } = await porticoJson<{ accounts: { accountId: string }[] }>(home, ['accounts', '--json'])
    assert.deepEqual(
      new Set(accounts.map(({ accountId }) => accountId)),
      new Set(server.accounts.map(({ accountId }) => accountId)),
    )
    const { stdout } = await portico(home, ['roles', 'PROD'])
    assert.match(stdout, /^111111111111 {2}Production {2}AdministratorAccess$/m)
    assert.doesNotMatch(stdout, /Development/)
  })

  test('where there are none, a sentence says so to the person, and nothing to a program', async () => {
    for (const [command, what] of [
      ['accounts', 'account'],
      ['roles', 'role in any account'],
    ] as const) {
      const { code, stdout, stderr } = await portico(home, [command, 'nowhere'])
      assert.deepEqual([code, stdout], [0, ''])
      assert.equal(stderr, `You have no ${what} with “nowhere” in its name, number or address.\n`)
    }
  })

  test('populate writes a profile for every role, once', async () => {
    const config = join(home.folder, '.aws/config')
    await writeFile(config, `# mine\n[default]\nregion = eu-west-1 # keep me\n\n${await readFile(config, 'utf8')}`)
    const dry = await portico(home, ['configure', 'populate', '--dry-run'])
    assert.match(dry.stdout, /^\+ \[profile production-administratoraccess\]$/m)
    assert.doesNotMatch(dry.stdout, /\n\+\n$/, 'the end of the last line is no line')
    assert.doesNotMatch(await readFile(config, 'utf8'), /production-administratoraccess/)
    assert.equal((await portico(home, ['configure', 'populate'])).code, 0)
    const written = await readFile(config, 'utf8')
    assert.ok(written.startsWith('# mine\n[default]\nregion = eu-west-1 # keep me\n'))
    assert.match(written, new RegExp(`\\[profile ${profile}\\]\nsso_session = work\n`))
    const again = await porticoJson<{ files: unknown[] }>(home, ['configure', 'populate', '--json'])
    assert.deepEqual(again.files, [])
  })

  test('exec gives a program the credentials, and nothing else of AWS', async () => {
    const script = 'console.log(JSON.stringify(Object.keys(process.env).filter((name) => name.startsWith("AWS_"))))'
    const { code, stdout, stderr } = await portico(
      home,
      ['exec', '--profile', profile, '--', process.execPath, '-e', `${script}; process.exit(7)`],
      { env: { AWS_PROFILE: 'other', AWS_ACCESS_KEY_ID: 'old', AWS_WEB_IDENTITY_TOKEN_FILE: '/dev/null' } },
    )
    assert.equal(code, 7, stderr)
    const names = JSON.parse(stdout)
    assert.ok(names.includes('AWS_SESSION_TOKEN') && names.includes('AWS_ENDPOINT_URL_STS'))
    assert.ok(!names.includes('AWS_PROFILE') && !names.includes('AWS_WEB_IDENTITY_TOKEN_FILE'))
  })

  test('exec and export name the role that the person may not use, and what shows the others', async () => {
    const role = ['--account', '111111111111', '--role', 'Nobody']
    for (const args of [
      ['exec', ...role, '--', 'true'],
      ['export', ...role],
    ]) {
      const { code, stderr } = await portico(home, args)
      assert.equal(code, 4)
      assert.match(
        stderr,
        /Nobody in account 111111111111: No access \(ForbiddenException.*\)\. `portico roles` shows yours\./,
      )
    }
  })

  test('export speaks each format', async () => {
    const exported = async (format: string) =>
      (await portico(home, ['export', '--profile', profile, '--format', format])).stdout
    assert.match(await exported('env'), /^export AWS_ACCESS_KEY_ID='ASIA/)
    assert.match(await exported('fish'), /^set -gx AWS_ACCESS_KEY_ID 'ASIA/)
    assert.match(await exported('powershell'), /^\$Env:AWS_ACCESS_KEY_ID = 'ASIA/)
    assert.match(await exported('dotenv'), /^AWS_ACCESS_KEY_ID=ASIA/)
    assert.equal(JSON.parse(await exported('json')).schemaVersion, 1)
    assert.equal(JSON.parse(await exported('process')).Version, 1)
  })

  test('export tells a shell who knows the credentials', async () => {
    for (const [format, line] of [
      ['env', `export AWS_ENDPOINT_URL_STS='${server.url}'`],
      ['fish', `set -gx AWS_ENDPOINT_URL_STS '${server.url}'`],
      ['powershell', `$Env:AWS_ENDPOINT_URL_STS = '${server.url}'`],
      ['dotenv', `AWS_ENDPOINT_URL_STS=${server.url}`],
    ] as const) {
      const { stdout } = await portico(home, ['export', '--profile', profile, '--format', format])
      assert.equal(stdout.trim().split('\n').at(-1), line)
    }
  })

  test('a result that cannot be written is a failure without a stack; a reader who has had enough is none', async () => {
    for (const command of ['export', 'credential-process', 'accounts']) {
      const args = command === 'accounts' ? '' : `--profile ${profile}`
      const full = await shell(home, `portico ${command} ${args} >/dev/full`)
      assert.equal(full.code, 1, command)
      assert.equal(full.stderr, 'portico: The result could not be written (ENOSPC).\n')
      const closed = await shell(home, `{ portico ${command} ${args}; echo "ended with $?" >&2; } | true`)
      assert.equal(closed.stderr, 'ended with 0\n')
    }
  })

  test('credential-process prints JSON and nothing else, and in the end from the file alone', async () => {
    const lister = import.meta.resolve('./list-modules.ts')
    const first = await portico(home, ['credential-process', '--profile', profile])
    assert.equal(first.code, 0, first.stderr)
    assert.equal(JSON.parse(first.stdout).Version, 1)
    const { stdout, stderr } = await portico(home, ['credential-process', '--profile', profile], {
      env: { NODE_OPTIONS: `--import=${lister}` },
    })
    assert.equal(stdout, first.stdout)
    assert.match(stderr, /warm\.ts/)
    // What takes longest to load: the command line, the client, the server's half of Node.js.
    assert.doesNotMatch(stderr, /commander|main\.ts|ssooidc\/src\/client|valibot|node:http/)
  })

  test('credential-process signs the person in first where it was told to, and says so on standard error only', async () => {
    await using other = await makeHome()
    await cp(join(home.folder, '.aws/config'), join(other.folder, '.aws/config'))
    const refused = await portico(other, ['credential-process', '--profile', profile])
    assert.deepEqual([refused.code, refused.stdout], [3, ''])
    assert.match(refused.stderr, new RegExp(`Run: portico login --profile ${profile}\n$`))
    const running = start(other, ['credential-process', '--profile', profile, '--auto-login', '--no-browser'])
    const url = await running.said(/(http:\S+user_code=\S+)/)
    await formBrowser().decide(url, server.person('alice'), 'approve', undefined, await numberOf(running))
    const { code, stdout, stderr } = await running.ended
    assert.equal(code, 0, stderr)
    assert.equal(JSON.parse(stdout).Version, 1)
  })

  test('exec passes on what ends it, and takes its own files away', async () => {
    const script = 'process.on("SIGTERM", () => process.exit(9)); console.error("ready"); setInterval(() => {}, 1000)'
    const running = start(home, ['exec', '--profile', profile, '--', process.execPath, '-e', script])
    await running.said(/ready/)
    running.signal('SIGTERM')
    assert.equal((await running.ended).code, 9)
  })

  test('a time to wait that no timer can hold is refused by the name of its flag', async () => {
    for (const time of ['0s', '597h']) {
      const { code, stderr } = await portico(home, ['login', 'work', '--force', '--timeout', time])
      assert.equal(code, 2)
      assert.match(stderr, new RegExp(`--timeout is a time from 1s to 596h, not ${time}`))
    }
  })

  test('nobody is asked without a terminal: the flag that is missing is named', async () => {
    for (const [args, flag] of [
      [['configure', 'profile'], /--account and --role/],
      [['configure', 'session', 'x'], /--start-url/],
    ] as const) {
      const { code, stderr } = await portico(home, args)
      assert.equal(code, 2)
      assert.match(stderr, flag)
    }
  })

  test('configure profile names a profile after its account and role, and shows it first with --dry-run', async () => {
    const args = ['configure', 'profile', 'audit', '--account', '222222222222', '--role', 'ReadOnlyAccess']
    const dry = await portico(home, [...args, '--dry-run'])
    assert.match(dry.stdout, /^\+ \[profile audit\]$/m)
    const config = () => readFile(join(home.folder, '.aws/config'), 'utf8')
    assert.doesNotMatch(await config(), /profile audit/)
    const { files } = await porticoJson<{ files: { path: string }[] }>(home, [...args, '--json'])
    assert.deepEqual(
      files.map(({ path }) => path),
      [join(home.folder, '.aws/config')],
    )
    assert.match(await config(), /\[profile audit\]\nsso_session = work\nsso_account_id = 222222222222\n/)
  })

  test('what --json prints says the version of its form, whatever the command', async () => {
    for (const args of [
      ['login'],
      ['status'],
      ['token'],
      ['accounts'],
      ['roles'],
      ['doctor'],
      ['config', 'explain'],
      ['export', '--profile', profile],
      ['configure', 'populate', '--dry-run'],
      ['configure', 'session', 'work', '--start-url', server.url, '--dry-run'],
    ]) {
      const { schemaVersion } = await porticoJson<{ schemaVersion: number }>(home, [...args, '--json'])
      assert.equal(schemaVersion, 1, args.join(' '))
    }
  })

  test('the AWS SDK reads the token that was written, and takes our provider', async () => {
    const { accessToken } = await token()
    assert.match(accessToken, /^ptc_at_/)
    const configFile = join(home.folder, '.aws/config')
    const [region, endpoint] = ['us-east-1', server.url]
    process.env.HOME = home.folder
    const theirs = fromSSO({ profile, configFilepath: configFile, clientConfig: { region, endpoint } })
    const ours = credentialProvider({ profile, client: { env: home.env } })
    for (const credentials of [theirs, ours]) {
      const { Arn } = await new STSClient({ region, endpoint, credentials }).send(new GetCallerIdentityCommand({}))
      assert.match(Arn ?? '', /AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}\/alice$/)
    }
  })

  test('an expired token is renewed on the way', async () => {
    const old = await token()
    await fileStore({ env: home.env }).write(session, { ...old, expiresAt: Date.now() - 1_000 })
    const { sessions } = await porticoJson<{ sessions: { state: string }[] }>(home, ['status', '--json'])
    assert.equal(sessions[0]?.state, 'refreshable')
    const { code, stdout } = await portico(home, ['token'])
    assert.equal(code, 0)
    assert.notEqual(stdout.trim(), old.accessToken)
  })

  test('doctor finds nothing wrong, and says what is', async () => {
    const { findings } = await porticoJson<{ findings: { result: string; check: string }[] }>(home, [
      'doctor',
      '--json',
    ])
    assert.deepEqual(
      findings.filter(({ result }) => result === 'problem'),
      [],
    )
    await writeFile(join(home.folder, '.aws/sso/cache/torn.json'), '{"accessToken":', { mode: 0o644 })
    const { stdout } = await portico(home, ['doctor'])
    assert.match(stdout, /WARNING {2}token cache .*torn\.json/)
    assert.equal((await portico(home, ['doctor', '--server', server.url])).code, 0)
    assert.equal((await portico(home, ['doctor', '--server', 'http://127.0.0.1:9'])).code, 1)
    assert.equal((await portico(home, ['doctor', '--server', 'nonsense'])).code, 2)
  })

  test('doctor finds what makes the AWS CLI read nothing of a shared file', async () => {
    await using other = await makeHome()
    await mkdir(join(other.folder, '.aws'))
    await writeFile(join(other.folder, '.aws/config'), '[profile a]\nregion = x\n[profile a]\noutput = json\n')
    const { code, stdout } = await portico(other, ['doctor'])
    assert.equal(code, 1)
    assert.match(stdout, /PROBLEM {2}shared files .*config, line 3 begins \[profile a\] again, which line 1 has begun/)
  })

  test('doctor does not take an AWS CLI that fails for none', async () => {
    await using other = await makeHome()
    await writeFile(join(other.folder, 'aws'), '#!/bin/sh\nexit 255\n', { mode: 0o755 })
    const { stdout } = await portico(other, ['doctor'], { env: { PATH: other.folder } })
    assert.match(stdout, /WARNING {2}AWS CLI .*does not start: run aws --version/)
  })

  test('doctor finds a cache that no token could be kept in', async () => {
    await using other = await makeHome()
    await mkdir(join(other.folder, '.aws/sso'), { recursive: true })
    await writeFile(join(other.folder, '.aws/sso/cache'), 'not a folder')
    const { code, stdout } = await portico(other, ['doctor'])
    assert.equal(code, 1)
    assert.match(stdout, /PROBLEM {2}token cache .*cannot be written \(E\w+\)/)
  })

  test('config explain says where everything comes from', async () => {
    const { settings } = await porticoJson<{ settings: { name: string; origin: string }[] }>(home, [
      'config',
      'explain',
      '--profile',
      profile,
      '--json',
    ])
    const endpoint = settings.find(({ name }) => name === 'endpoint of SSO OIDC')
    assert.match(endpoint?.origin ?? '', /^services work, named by profile production-administratoraccess in /)
    const startUrl = settings.find(({ name }) => name === 'startUrl')
    assert.match(startUrl?.origin ?? '', /^sso-session work in /)
  })

  test('config explain takes nothing for an option that nobody gave', async () => {
    await using other = await makeHome()
    const settingsOf = async (args: readonly string[], env = {}) => {
      const { stdout } = await portico(other, ['config', 'explain', ...args, '--json'], { env })
      const { settings }: { settings: { name: string; value: string | null; origin: string | null }[] } =
        JSON.parse(stdout)
      return (name: string) => settings.find((each) => each.name === name)
    }
    assert.equal((await portico(other, ['configure', 'session', 'work', '--start-url', server.url])).code, 0)
    const bySession = await settingsOf([])
    assert.deepEqual(bySession('account'), { name: 'account', value: null, origin: null })
    assert.match(bySession('endpoint of SSO OIDC')?.origin ?? '', /^services work in /)
    const byUrl = await settingsOf(['--start-url', server.url])
    assert.equal(byUrl('endpoint of SSO')?.origin, 'start URL')
    const byFlag = await settingsOf(['--endpoint', server.url])
    assert.equal(byFlag('endpoint of SSO')?.origin, 'option')

    const role = ['--account', '111111111111', '--role', 'ReadOnlyAccess']
    assert.equal((await portico(other, ['configure', 'profile', 'dev', ...role])).code, 0)
    assert.match((await settingsOf([]))('profile')?.origin ?? '', /^the first in .+ that uses sso-session work$/)
    const named = await settingsOf(['--profile', 'dev'])
    assert.equal(named('profile')?.origin, 'option profile')
    const around = await settingsOf([], { AWS_PROFILE: 'dev' })
    assert.equal(around('profile')?.origin, 'environment AWS_PROFILE')
  })

  test('config explain shows the rest where no session is configured', async () => {
    await using other = await makeHome()
    const { code, stdout, stderr } = await portico(other, ['config', 'explain'])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^timeoutMs +60000 +default$/m)
    assert.match(stderr, /portico configure session/)
    assert.equal((await portico(other, ['config', 'explain', '--session', 'nope'])).code, 7)
  })

  test('logout ends the session everywhere', async () => {
    const { accessToken } = await token()
    const { code, stderr } = await portico(home, ['logout'])
    assert.equal(code, 0, stderr)
    assert.deepEqual(await readdir(join(home.folder, '.aws/cli/cache')), [])
    const answer = await portico(home, ['accounts', '--json'])
    assert.equal(answer.code, 3)
    assert.equal(JSON.parse(answer.stdout).error.exitCode, 3)
    const { stderr: hint } = await portico(home, ['accounts', '--session', 'work'])
    assert.match(hint, /Sign in first\. Run: portico login --session work\n$/)
    assert.deepEqual(await portico(home, ['status', '--quiet']), { code: 3, stdout: '', stderr: '' })
    await fileStore({ env: home.env }).write(session, { ...session, accessToken, expiresAt: Date.now() + 3_600_000 })
    assert.equal((await portico(home, ['accounts'])).code, 3)
    const again = await portico(home, ['logout'])
    assert.equal(again.code, 0)
    assert.match(again.stderr, /^Signed out of .+\nThe service had ended it already\.\n$/)
  })
})

describe('portico logout --all', () => {
  test('ends what was signed in by its address only, and passes over what it cannot find', async () => {
    await using other = await makeHome()
    const running = start(other, ['login', server.url, '--method', 'device', '--no-browser'])
    const url = await running.said(/(http:\S+user_code=\S+)/)
    await formBrowser().decide(url, server.person('bob'), 'approve', undefined, await numberOf(running))
    assert.equal((await running.ended).code, 0)
    const alias = 'https://ssoins-0000000000000000.portico.invalid.awsapps.com/start'
    await writeFile(
      join(other.folder, '.aws/config'),
      `[sso-session gone]\nsso_region = us-east-1\nsso_start_url = ${alias}\n`,
    )
    const { code, stdout } = await portico(other, ['logout', '--all', '--json'])
    assert.equal(code, 0)
    const { sessions } = JSON.parse(stdout) as { sessions: { session: string; signedOut: boolean; problem: string }[] }
    assert.deepEqual(
      sessions.map(({ session, signedOut }) => [session, signedOut]),
      [
        ['gone', false],
        [`${server.url}/start`, true],
      ],
    )
    assert.match(sessions[0]?.problem ?? '', /--endpoint/)
    assert.deepEqual(await tokenFiles(other), [])
    assert.equal(
      (await portico(other, ['logout', '--all'])).stderr.split('\n')[0]?.startsWith('Not signed out of gone'),
      true,
    )
  })
})

describe('one operation at a time', () => {
  test('each takes what the one before printed', async () => {
    const at = ['--endpoint', server.url]
    const client = await porticoJson<object>(home, ['register', ...at, '--client-name', 'x', '--client-type', 'public'])
    const device = await porticoJson<{ verificationUriComplete: string }>(
      home,
      ['device', 'start', ...at, '--start-url', server.startUrl, '--input-json', '-'],
      { input: JSON.stringify(client) },
    )
    const all = JSON.stringify({ ...client, ...device })
    const grant = ['--grant-type', 'urn:ietf:params:oauth:grant-type:device_code']
    const early = await portico(home, ['token', 'create', ...at, ...grant, '--input-json', all])
    assert.equal(early.code, 1)
    assert.match(early.stderr, /AuthorizationPendingException/)
    await formBrowser().decide(device.verificationUriComplete, server.person('alice'))
    const tokens = await porticoJson<{ accessToken: string }>(home, ['device', 'poll', ...at, '--input-json', '-'], {
      input: all,
    })
    assert.match(tokens.accessToken, /^ptc_at_/)
  })

  test('needs to be told where the service is, and says by which flags', async () => {
    await using other = await makeHome()
    const { code, stderr } = await portico(other, ['device', 'start', '--client-id', 'x'])
    assert.equal(code, 7)
    assert.equal(stderr, 'portico: Say where the service is: give --endpoint, or for AWS itself --region.\n')
  })

  test('numbers and JSON that are none are usage errors', async () => {
    for (const args of [
      ['device', 'poll', '--interval', 'often'],
      ['register', '--input-json', '[]'],
      ['register', '--input-json', 'nonsense'],
    ])
      assert.equal((await portico(home, [...args, '--endpoint', server.url])).code, 2)
  })

  test('what the contract does not allow is a usage error, and names the flag', async () => {
    const { code, stderr } = await portico(home, ['register', '--endpoint', server.url])
    assert.equal(code, 2)
    assert.equal(stderr, 'portico: --client-name is missing; --client-type is missing.\n')
    const client = ['--endpoint', server.url, '--client-id', 'x', '--client-secret', 'y', '--grant-type']
    const refresh = await portico(home, ['token', 'create', ...client, 'refresh_token'])
    assert.equal(refresh.stderr, 'portico: --refresh-token is missing, which --grant-type refresh_token redeems.\n')
  })

  test('the grant type of AWS’s own example is refused with the one that is meant', async () => {
    const grant = 'urn:ietf:params:oauth:grant-type:device-code'
    const client = ['--client-id', 'x', '--client-secret', 'y', '--device-code', 'z', '--endpoint', server.url]
    const { code, stderr } = await portico(home, ['token', 'create', '--grant-type', grant, ...client])
    assert.equal(code, 2)
    assert.match(stderr, /device-code has a hyphen .*; use urn:ietf:params:oauth:grant-type:device_code\.\n$/)
  })

  test('a signature needs a Region, and the flag for it is named', async () => {
    await using other = await makeHome()
    const args = ['--endpoint', server.url, '--client-id', 'x', '--grant-type', 'authorization_code', '--code', 'y']
    const { code, stderr } = await portico(other, ['token', 'create-with-iam', ...args])
    assert.equal(code, 7)
    assert.match(stderr, /needs a Region: give --region\.\n$/)
  })
})

describe('a service whose words would steer the terminal', () => {
  test('is told as it is, without them', async () => {
    await using other = await makeHome()
    const words = { error: 'invalid_request', error_description: '\u001b[2J\u001b[HSigned in.\n' }
    const service = createServer((_, response) => response.writeHead(400).end(JSON.stringify(words)))
    await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
    const { port } = service.address() as AddressInfo // it listens on an address
    const { code, stderr } = await portico(other, ['login', `http://127.0.0.1:${port}`, '--method', 'device'])
    service.close()
    assert.equal(code, 1)
    assert.match(stderr, /^portico: \[2J \[HSigned in\. \(InvalidRequestException\)\n$/)
  })
})

describe('completion', () => {
  test('knows commands, flags, choices and names of the person’s files', async () => {
    await using other = await makeHome()
    await mkdir(join(other.folder, '.aws'))
    await writeFile(join(other.folder, '.aws/config'), '[sso-session work]\n[profile dev]\nsso_account_id = 1\n')
    const complete = async (...words: string[]) =>
      (await portico(other, ['__complete', '--', ...words])).stdout.trim().split('\n')
    assert.deepEqual(await complete('log'), ['login', 'logout'])
    assert.deepEqual(await complete('configure', ''), ['session', 'profile', 'populate'])
    assert.deepEqual(await complete('login', '--method', 'p'), ['pkce'])
    assert.deepEqual(await complete('login', ''), ['work'])
    assert.deepEqual(await complete('exec', '--profile', ''), ['dev'])
    assert.deepEqual(await complete('exec', '--account', ''), ['1'])
    assert.ok((await complete('exec', '--p')).includes('--profile'))
  })

  for (const shell of ['bash', 'zsh', 'fish'])
    test(`has a script for ${shell}`, async () => {
      assert.match((await portico(home, ['completion', shell])).stdout, /portico __complete --/)
    })
})
