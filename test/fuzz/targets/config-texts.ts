/** The same files, as commands change them: what they do not mean to change stays as it is. */
import assert from 'node:assert/strict'
import { headingsOf, setSection } from '../../../packages/portico/src/cli/client/configure/config-text.ts'
import { parseIni } from '../../../packages/ssooidc/src/config/ini.ts'
import type { Target } from '../target.ts'

const section = {
  heading: 'profile dev',
  settings: [
    ['sso_session', 'work'],
    ['region', 'us-east-1'],
  ],
} as const

export const target: Target = {
  reads: '`~/.aws/config`, as commands change it',
  promises:
    'The section then says what was set; every other section, and every line outside it, is as it was; setting it again changes nothing.',
  files: ['packages/portico/src/cli/client/configure/config-text.ts'],
  seeds: [
    '[default]\nregion = eu-central-1\n\n[profile dev]\n# mine\nregion=a\noutput = json\n\n# next\n[profile other]\nregion = b\n',
    "[profile 'dev']\nregion =\n  nested = 1\n",
    '[profile dev]\n[profile dev]\nregion = a\n',
    '[profile dev] ; comment\r\nregion = a\r\n',
    '',
  ],
  words: ['[profile dev]', '[default]', 'region', 'sso_session', ' = ', '\n', '\r\n', '  ', '#', ';'],
  check(input) {
    const text = input.toString('utf8')
    const changed = setSection(text, section)
    assert.equal(setSection(changed, section), changed)
    assert.ok(headingsOf(changed).includes('profile dev'))
    const [before, after] = [parseIni(text), parseIni(changed)]
    const said = after.get('profile dev')
    assert.equal(said?.get('sso_session'), 'work')
    assert.equal(said?.get('region'), 'us-east-1')
    for (const [heading, keys] of before)
      if (heading !== 'profile dev') assert.deepEqual(after.get(heading), keys, heading)
  },
}
