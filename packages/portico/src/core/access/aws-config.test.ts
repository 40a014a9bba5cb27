import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  awsConfig,
  awsProfile,
  awsSession,
  endpointRuleSet,
  endpointRuleSetCommand,
  endpointRuleSetFiles,
  suggestProfile,
} from './aws-config.ts'

const input = {
  url: 'https://portico.example.com',
  startUrlAlias: 'https://ssoins-0123456789abcdef.portico.invalid.awsapps.com/start',
  region: 'eu-central-1',
  accountId: '111111111111',
  roleName: 'ReadOnly',
  profile: 'production-readonly',
}

test('a fresh configuration file needs one session, one services section and a profile', () => {
  assert.equal(
    awsConfig(input),
    `[sso-session portico]
sso_start_url = https://ssoins-0123456789abcdef.portico.invalid.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access

[services portico]
sso_oidc =
  endpoint_url = https://portico.example.com
sso =
  endpoint_url = https://portico.example.com
sts =
  endpoint_url = https://portico.example.com

[profile production-readonly]
sso_session = portico
sso_account_id = 111111111111
sso_role_name = ReadOnly
region = eu-central-1
services = portico
`,
  )
})

test('a second role adds only its own section, for a section that stands twice makes the file unreadable', () => {
  const second = awsProfile({ ...input, profile: 'second' })
  assert.deepEqual(second.match(/^\[.*\]$/gm), ['[profile second]'])
  assert.equal(awsSession(input).includes('[profile'), false)
})

test('the default profile has a section without the word profile', () => {
  assert.match(awsProfile({ ...input, profile: 'default' }), /^\[default\]\n/)
})

test('no value can add a setting or a section of its own', () => {
  for (const hostile of ['x\ny = z', 'x\r[default]', 'x # y', 'x\u2028y']) {
    for (const key of ['url', 'startUrlAlias', 'region', 'accountId', 'roleName'] as const) {
      assert.throws(() => awsConfig({ ...input, [key]: hostile }), /cannot hold/, `${key}: ${JSON.stringify(hostile)}`)
    }
  }
  for (const profile of ['x]\n[default', 'two words', 'a]b', '']) {
    assert.throws(() => awsConfig({ ...input, profile }), /cannot read/, JSON.stringify(profile))
  }
})

test('a suggested profile name holds only what every AWS tool reads', () => {
  assert.equal(suggestProfile('Acme Production', 'AdministratorAccess'), 'acme-production-administratoraccess')
  assert.equal(suggestProfile('Café [EU]', 'Read=Only'), 'cafe-eu-read-only')
  assert.equal(suggestProfile('会社', '役'), 'portico')
  assert.doesNotThrow(() => awsProfile({ ...input, profile: suggestProfile('a\n[b]', '@') }))
})

test('an endpoint rule set sends every request of a service to this origin', () => {
  const ruleSet = endpointRuleSet('http://127.0.0.1:8000')
  assert.deepEqual((ruleSet as { rules: unknown }).rules, [
    { conditions: [], endpoint: { url: 'http://127.0.0.1:8000', properties: {}, headers: {} }, type: 'endpoint' },
  ])
})

test('the command for old AWS CLIs names every rule-set file and carries the rule set', () => {
  const command = endpointRuleSetCommand('http://127.0.0.1:8000')
  for (const file of endpointRuleSetFiles) assert.ok(command.includes(file.slice(0, file.lastIndexOf('/'))), file)
  const [, written] = command.match(/<<'END'\n(.*)\nEND\n/) ?? []
  assert.deepEqual(JSON.parse(written ?? ''), endpointRuleSet('http://127.0.0.1:8000'))
})
