/** What other issuers publish about themselves: their discovery document and their keys. */
import assert from 'node:assert/strict'
import { createIssuerKeys, IssuerUnreachable } from '../../../packages/portico/src/core/applications/issuer-keys.ts'
import { NOW, textsOf } from '../parts.ts'
import type { Target } from '../target.ts'

const ISSUER_URL = 'https://login.example.com'
const discovery = `{"issuer":"${ISSUER_URL}","jwks_uri":"${ISSUER_URL}/keys"}`

/** Algorithms by type of key: nothing symmetric, and not `none`. */
const FITTING: Readonly<Record<string, RegExp>> = {
  RSA: /^[RP]S(?:256|384|512)$/,
  EC: /^ES(?:256|384|512)$/,
  OKP: /^Ed/,
}

export const target: Target = {
  reads: 'an issuer’s discovery document and its JSON Web Key Set',
  promises:
    'Unreachable, or no key, or a public key pinned to one algorithm that fits its type; nothing is asked for that is not https.',
  files: ['packages/portico/src/core/applications/issuer-keys.ts'],
  seeds: [
    `k\n${discovery}\n{"keys":[{"kid":"k","kty":"EC","crv":"P-256","x":"a","y":"b","d":"secret"}]}`,
    `\n${discovery}\n{"keys":[{"kty":"RSA","n":"a","e":"AQAB","alg":"PS256","use":"sig","key_ops":["verify"]}]}`,
    `k\n${discovery}\n{"keys":[{"kid":"k","kty":"oct","k":"a","alg":"HS256"},{"kid":"k","kty":"OKP","crv":"Ed25519","x":"a"}]}`,
    `k\n${discovery.replace('https://login.example.com/keys', 'http://169.254.169.254/')}\n{}`,
    `k\n${discovery.replace('login.example.com/keys', 'other.example/keys')}\n{"keys":"none"}`,
  ],
  words: [
    '"kty":',
    '"alg":',
    '"use":"enc"',
    '"key_ops":',
    '"keys":[',
    'null',
    'file:///',
    'http://',
    '"__proto__":',
    '[]',
  ],
  async check(input) {
    const [kid = '', first = '', second = ''] = textsOf(input, 3)
    const asked: string[] = []
    const keys = createIssuerKeys(async (url) => JSON.parse(asked.push(url) === 1 ? first : second))
    let key: Awaited<ReturnType<typeof keys.find>>
    try {
      key = await keys.find(ISSUER_URL, kid === '' ? undefined : kid, NOW)
    } catch (error) {
      assert.ok(error instanceof IssuerUnreachable, String(error))
    }
    assert.equal(asked[0], `${ISSUER_URL}/.well-known/openid-configuration`)
    for (const url of asked) assert.ok(url.startsWith('https://'), url)
    if (key === undefined) return
    assert.match(key.alg, FITTING[key.jwk.kty ?? ''] ?? /^never$/)
    for (const member of Object.keys(key.jwk))
      assert.ok(['kid', 'kty', 'crv', 'x', 'y', 'n', 'e'].includes(member), member)
  },
}
