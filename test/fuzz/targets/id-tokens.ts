/** Our own JSON Web Tokens: whatever a person is called, the token says it, and whoever reads our key set can tell. */
import assert from 'node:assert/strict'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { createSigningKeys, publicKeys, signIdToken } from '../../../packages/portico/src/core/keys/signing-keys.ts'
import type { WrappedKey } from '../../../packages/portico/src/storage/storage.ts'
import { fixedRandom, NOW, textsOf } from '../parts.ts'
import type { Target } from '../target.ts'

const keys: WrappedKey[] = []
const random = fixedRandom('id-tokens')
const storage = {
  addKey: async ({ key }: { key: WrappedKey }) => void keys.push(key),
  readKeys: async () => keys,
} as never // nothing else of it is asked for
const signingKeys = createSigningKeys({ storage, rootKey: random.bytes(32), random })

export const target: Target = {
  reads: 'claims that go into an id token, and come out of it again',
  promises:
    'What is signed verifies against the published keys, says exactly what was put in, and is altered by no byte.',
  files: ['packages/portico/src/core/keys/signing-keys.ts'],
  seeds: ['alice\nnonce', '\u00c3\u00a9\n"\\', '\0\n\u00ff'],
  longest: 256,
  async check(input) {
    const [sub = '', nonce = ''] = textsOf(input, 2)
    const token = await signIdToken({ signingKeys }, { iss: 'https://sso.example', sub, nonce }, NOW)
    const published = createLocalJWKSet({ keys: [...publicKeys({ signingKeys }).keys] })
    const { payload } = await jwtVerify(token, published, { currentDate: new Date(NOW), algorithms: ['ES256'] })
    assert.deepEqual(payload, { iat: NOW / 1000, iss: 'https://sso.example', sub, nonce })
    const at = input.length % token.lastIndexOf('.')
    if (token[at] === '.') return
    const altered = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    await assert.rejects(jwtVerify(altered, published, { currentDate: new Date(NOW) }))
  },
}
