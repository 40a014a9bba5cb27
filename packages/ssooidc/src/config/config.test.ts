import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import {
  type Environment,
  listProfiles,
  listSsoSessions,
  readSharedFiles,
  resolveProfile,
  resolveSettings,
  resolveSsoSession,
  type Settings,
  ssoSessionOf,
} from './index.ts'
import { parseIni } from './ini.ts'

const folder = mkdtempSync(join(tmpdir(), 'ssooidc-config-'))
after(() => rmSync(folder, { recursive: true }))

let written = 0

/** An environment whose shared files have these texts. */
function environment(config = '', credentials = ''): Environment {
  written += 1
  const [AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE] = ['config', 'credentials'].map((n) => join(folder, n + written))
  writeFileSync(AWS_CONFIG_FILE ?? '', config)
  writeFileSync(AWS_SHARED_CREDENTIALS_FILE ?? '', credentials)
  return { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE }
}

const resolve = (env: Environment, given: Settings = {}, serviceId = 'SSO OIDC') =>
  resolveSettings(serviceId, given, { env, files: () => readSharedFiles(env) })

describe('a shared file', () => {
  it('has sections, keys, comments, and keys below a key', () => {
    const sections = parseIni(
      [
        '# a comment',
        'stray = 1',
        '[ default ]',
        'Region=us-east-1 # why',
        '[profile  "my own"]\r',
        'sso_start_url = https://example.awsapps.com/start#/',
        '[services local]',
        'sso_oidc =',
        '  endpoint_url = http://127.0.0.1:8000',
        'sso =',
        '\tendpoint_url = http://127.0.0.1:8001',
        '[default]',
        'output = json',
      ].join('\n'),
    )
    assert.deepEqual([...sections.keys()], ['default', 'profile my own', 'services local'])
    assert.equal(sections.get('default')?.get('region'), 'us-east-1')
    assert.equal(sections.get('default')?.get('output'), 'json')
    assert.equal(sections.get('profile my own')?.get('sso_start_url'), 'https://example.awsapps.com/start#/')
    assert.deepEqual(
      sections.get('services local'),
      new Map([
        ['sso_oidc', new Map([['endpoint_url', 'http://127.0.0.1:8000']])],
        ['sso', new Map([['endpoint_url', 'http://127.0.0.1:8001']])],
      ]),
    )
  })

  it('ends its comments and values at the end of the line, whatever they hold', () => {
    const text = '[default]\nregion = a # b\u2028c\noutput = d\u2028e\nsso_region = f ; g\r'
    assert.deepEqual(
      parseIni(text).get('default'),
      new Map([
        ['region', 'a'],
        ['output', 'd\u2028e'],
        ['sso_region', 'f'],
      ]),
    )
  })

  it('that does not exist is empty, and is named as missing when the environment asked for it', () => {
    const path = join(folder, 'nowhere')
    const files = readSharedFiles({ HOME: folder, AWS_CONFIG_FILE: path })
    assert.equal(files.config.size, 0)
    assert.deepEqual(files.missing, [path])
    assert.equal(files.credentialsPath, join(folder, '.aws/credentials'))
  })

  it('that cannot be read is an error that names it', () => {
    assert.throws(() => readSharedFiles({ AWS_CONFIG_FILE: folder }), {
      name: 'ConfigError',
      message: `${folder} cannot be read: EISDIR`,
    })
  })

  it('may be named from the home folder', () => {
    assert.equal(readSharedFiles({ HOME: '/home/me', AWS_CONFIG_FILE: '~/x' }).configPath, '/home/me/x')
  })
})

describe('a profile', () => {
  const env = environment(
    [
      '[default]',
      'region = us-east-1',
      '[profile dev]',
      'sso_session = work',
      'sso_account_id = 111111111111',
      '[profile old]',
      'sso_start_url = https://old.awsapps.com/start',
      'sso_region = eu-west-1',
      '[profile torn]',
      'sso_session = work',
      'sso_region = us-east-2',
      '[profile lost]',
      'sso_session = nowhere',
      '[sso-session work]',
      'sso_start_url = https://example.awsapps.com/start',
      'sso_region = eu-central-1',
      'sso_registration_scopes = sso:account:access, codewhisperer:completions',
      'sso_use_device_code = true',
      '[sso-session half]',
      'sso_region = eu-central-1',
    ].join('\n'),
    '[keys]\naws_access_key_id = a\nregion = sa-east-1',
  )
  const files = readSharedFiles(env)
  const profile = (asked?: string, more: Environment = {}) => resolveProfile(files, { ...env, ...more }, asked)

  it('is the one that the option names, or AWS_PROFILE, or AWS_DEFAULT_PROFILE, or default', () => {
    const both = { AWS_PROFILE: 'old', AWS_DEFAULT_PROFILE: 'keys' }
    const origins = [
      profile('dev', both),
      profile('', both),
      profile(undefined, { AWS_DEFAULT_PROFILE: 'keys' }),
      profile(),
    ]
    assert.deepEqual(
      origins.map(({ name, origin }) => [name, origin]),
      [
        ['dev', 'option profile'],
        ['old', 'environment AWS_PROFILE'],
        ['keys', 'environment AWS_DEFAULT_PROFILE'],
        ['default', 'default'],
      ],
    )
  })

  it('that does not exist is an error that lists those that do', () => {
    assert.throws(
      () => profile('prod'),
      (thrown: Error) => {
        assert.equal(thrown.name, 'ProfileNotFoundError')
        assert.match(
          thrown.message,
          /no profile prod \(asked for by option profile\).*only default, dev, old, torn, lost, keys/,
        )
        return true
      },
    )
    assert.throws(() => profile(undefined, { AWS_PROFILE: 'prod' }), /asked for by environment AWS_PROFILE/)
    assert.deepEqual(listProfiles(files), ['default', 'dev', 'old', 'torn', 'lost', 'keys'])
  })

  it('may stand in the credentials file alone', () => {
    assert.equal(profile('keys').get('region')?.value, 'sa-east-1')
  })

  it('has the sign-in session that it names', () => {
    assert.deepEqual(ssoSessionOf(profile('dev')), {
      name: 'work',
      startUrl: 'https://example.awsapps.com/start',
      region: 'eu-central-1',
      registrationScopes: ['sso:account:access', 'codewhisperer:completions'],
      useDeviceCode: true,
    })
  })

  it('of the older kind spells its session out, and one without a session has none', () => {
    assert.deepEqual(ssoSessionOf(profile('old')), {
      name: undefined,
      startUrl: 'https://old.awsapps.com/start',
      region: 'eu-west-1',
      registrationScopes: [],
      useDeviceCode: false,
    })
    assert.equal(ssoSessionOf(profile()), undefined)
  })

  it('that says something else than its session is refused', () => {
    assert.throws(() => profile('torn'), {
      name: 'ConfigError',
      message:
        'sso_region is us-east-2 in profile torn and eu-central-1 in sso-session work; take it out of the profile',
    })
  })

  it('whose session does not exist is refused with those that do', () => {
    assert.throws(() => profile('lost'), /there is no sso-session nowhere; .* has only work, half/)
    assert.deepEqual(listSsoSessions(files), ['work', 'half'])
  })

  it('is not needed for a session that is asked for by name, which must be whole', () => {
    assert.equal(resolveSsoSession(files, 'work').region, 'eu-central-1')
    assert.throws(() => resolveSsoSession(files, 'half'), {
      message: 'sso-session half has no sso_start_url; add it to the shared config file',
    })
  })
})

describe('a setting', () => {
  it('comes from the option, else the environment, else the profile, else the default, and says so', () => {
    const env = environment('[default]\nregion = eu-west-1\nmax_attempts = 5')
    const both = { ...env, AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'eu-west-3' }
    const found = (config = resolve(both)) => [config.region, config.maxAttempts, config.timeoutMs]
    assert.deepEqual(found(), [
      { value: 'eu-west-2', origin: 'environment AWS_REGION' },
      { value: 5, origin: `profile default in ${env.AWS_CONFIG_FILE}` },
      { value: 60_000, origin: 'default' },
    ])
    assert.deepEqual(found(resolve(both, { region: 'eu-west-4', timeoutMs: 1 })), [
      { value: 'eu-west-4', origin: 'option' },
      { value: 5, origin: `profile default in ${env.AWS_CONFIG_FILE}` },
      { value: 1, origin: 'option' },
    ])
  })

  it("region falls back to AWS_DEFAULT_REGION, the profile's region, and its session's", () => {
    const session = 'sso_region = eu-south-1\nsso_start_url = https://x.awsapps.com/start'
    const region = (env: Environment, given: Settings = {}) => resolve(env, given).region?.value
    assert.equal(region({ ...environment(), AWS_DEFAULT_REGION: 'eu-west-3' }), 'eu-west-3')
    assert.equal(region(environment(`[default]\nregion = eu-west-1\n${session}`)), 'eu-west-1')
    assert.equal(region(environment(`[default]\n${session}`)), 'eu-south-1')
    assert.equal(region(environment(`[default]\nsso_session = s\n[sso-session s]\n${session}`)), 'eu-south-1')
    assert.equal(region(environment('[default]\nregion = a', '[default]\nregion = b')), 'a')
    assert.equal(region({ ...environment(), AWS_REGION: 'eu-west-3' }, { region: '' }), 'eu-west-3')
    assert.equal(region(environment()), undefined)
  })

  it('endpoint is found by service, then for all, in the environment and then in the profile', () => {
    const inFile = [
      '[default]',
      'services = local',
      'endpoint_url = http://127.0.0.1:4',
      '[services local]',
      'sso_oidc =',
      '  endpoint_url = http://127.0.0.1:3',
    ].join('\n')
    const env = environment(inFile)
    const found = (more: Environment, serviceId?: string) => resolve({ ...env, ...more }, {}, serviceId).endpoint
    const all = { AWS_ENDPOINT_URL_SSO_OIDC: 'http://127.0.0.1:1', AWS_ENDPOINT_URL: 'http://127.0.0.1:2' }
    const value = (more: Environment, serviceId?: string) => found(more, serviceId)?.value
    assert.equal(value(all), 'http://127.0.0.1:1')
    assert.equal(value({ AWS_ENDPOINT_URL: 'http://127.0.0.1:2' }), 'http://127.0.0.1:2')
    assert.equal(value(all, 'SSO'), 'http://127.0.0.1:2')
    assert.equal(found({})?.origin, `services local, named by profile default in ${env.AWS_CONFIG_FILE}`)
    assert.equal(value({}), 'http://127.0.0.1:3')
    assert.equal(value({}, 'SSO'), 'http://127.0.0.1:4')
    assert.equal(value({ ...all, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE' }), undefined)
    assert.equal(
      resolve({ ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, { endpoint: 'https://x.example' }).endpoint
        ?.value,
      'https://x.example',
    )
  })

  for (const [name, variable, key, written, value] of [
    ['useFipsEndpoint', 'AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint', 'True', true],
    ['useDualstackEndpoint', 'AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint', 'true', true],
    ['maxAttempts', 'AWS_MAX_ATTEMPTS', 'max_attempts', '7', 7],
    ['retryMode', 'AWS_RETRY_MODE', 'retry_mode', 'Adaptive', 'adaptive'],
    ['connectTimeoutMs', 'AWS_DEFAULTS_MODE', 'defaults_mode', 'in-region', 1_100],
    ['caBundle', 'AWS_CA_BUNDLE', 'ca_bundle', '/etc/ca.pem', '/etc/ca.pem'],
    ['appId', 'AWS_SDK_UA_APP_ID', 'sdk_ua_app_id', 'tool', 'tool'],
    ['stsRegionalEndpoints', 'AWS_STS_REGIONAL_ENDPOINTS', 'sts_regional_endpoints', 'legacy', 'legacy'],
  ] as const)
    it(`${name} is read from ${variable} and from ${key}`, () => {
      const file = environment(`[profile p]\n${key} = ${written}`)
      assert.deepEqual(resolve({ ...environment(), [variable]: written })[name], {
        value,
        origin: `environment ${variable}`,
      })
      assert.deepEqual(resolve(file, { profile: 'p' })[name], {
        value,
        origin: `profile p in ${file.AWS_CONFIG_FILE}`,
      })
    })

  it('proxies are read from the environment, in lower case first', () => {
    const { httpsProxy, httpProxy, noProxy } = resolve({
      ...environment(),
      HTTPS_PROXY: 'http://upper:1',
      https_proxy: 'http://lower:1',
      ALL_PROXY: 'http://all:1',
      NO_PROXY: '.internal',
    })
    assert.deepEqual(
      [httpsProxy?.value, httpProxy?.value, noProxy?.value],
      ['http://lower:1', 'http://all:1', '.internal'],
    )
  })

  it('with a value that cannot be is refused with the place that it stands in', () => {
    const env = { ...environment(), AWS_MAX_ATTEMPTS: 'many' }
    assert.throws(() => resolve(env), {
      name: 'ConfigError',
      message: 'many is no value for maxAttempts (environment AWS_MAX_ATTEMPTS)',
    })
    assert.throws(
      () => resolve(environment('[default]\nuse_fips_endpoint = maybe')),
      /maybe is no value for useFipsEndpoint/,
    )
    // A word that every JavaScript object knows.
    for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_DEFAULTS_MODE'])
      assert.throws(() => resolve({ ...environment(), [name]: 'constructor' }), { name: 'ConfigError' })
  })

  it('needs no files: where there are none, code and environment decide', () => {
    const config = resolveSettings('SSO OIDC', {}, { env: { AWS_REGION: 'eu-west-1' }, files: () => undefined })
    assert.equal(config.region?.value, 'eu-west-1')
    assert.equal(config.profile, undefined)
  })

  it('that is a bearer token belongs to one service, by the name that signatures have for it', () => {
    const env = { ...environment(), AWS_BEARER_TOKEN_AWSSSOPORTAL: 'at', AWS_BEARER_TOKEN_BEDROCK: 'another' }
    const around = { env, files: () => undefined }
    const origin = 'environment AWS_BEARER_TOKEN_AWSSSOPORTAL'
    assert.deepEqual(resolveSettings('SSO', {}, around, 'awsssoportal').token, { value: 'at', origin })
    assert.equal(resolveSettings('SSO OIDC', {}, around, 'sso-oauth').token, undefined)
  })
})
