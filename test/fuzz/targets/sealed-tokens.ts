/** Everything that is sealed: ids, codes, tokens, secrets. */
import assert from 'node:assert/strict'
import {
  isClientSecret,
  openRegistration,
  sealRegistration,
} from '../../../packages/portico/src/core/clients/client-registration.ts'
import { PURPOSES } from '../../../packages/portico/src/core/keys/keyring.ts'
import { format, PREFIXES, parse, type TokenKind } from '../../../packages/portico/src/core/keys/opaque-token.ts'
import { fixedSealer, NOW } from '../parts.ts'
import type { Target } from '../target.ts'

const sealer = fixedSealer()
const kinds = Object.keys(PREFIXES) as TokenKind[] // its own keys
const registration = {
  name: 'a program',
  scopes: ['sso:account:access'],
  grantTypes: ['refresh_token'],
  redirectUris: [],
  issuerUrl: null,
  issuedAt: NOW,
  expiresAt: NOW + 1,
}
const { clientId, clientSecret } = sealRegistration(sealer, registration)
const sealed = new Map(PURPOSES.map((purpose) => [purpose, sealer.seal(purpose, { purpose })]))
const genuine = new Map(kinds.map((kind) => [kind, format(kind, sealed.get('access-token') ?? '')]))

export const target: Target = {
  reads: 'client ids and secrets, codes, tokens, and every other sealed text',
  promises:
    'Opened only when it is, character for character, what was sealed, and only for its own purpose; a token has one spelling.',
  files: [
    'packages/portico/src/core/keys/opaque-token.ts',
    'packages/portico/src/core/keys/sealing.ts',
    'packages/portico/src/core/keys/base64url.ts',
    'packages/portico/src/core/clients/client-registration.ts',
  ],
  seeds: [clientId, clientSecret, ...sealed.values(), ...genuine.values()],
  check(input) {
    const text = input.toString('latin1')
    for (const kind of kinds) {
      const body = parse(kind, text)
      if (body !== undefined) assert.equal(format(kind, body), text)
    }
    for (const purpose of PURPOSES) {
      const opened = sealer.open(purpose, text)
      if (opened === undefined) continue
      if (text === parse('clientId', clientId)) continue
      assert.equal(text, sealed.get(purpose))
      assert.deepEqual(opened, { purpose })
    }
    const known = openRegistration(sealer, text)
    if (known !== undefined) {
      assert.equal(text, clientId)
      assert.deepEqual(known, registration)
    }
    if (isClientSecret(sealer, clientId, text)) assert.equal(text, clientSecret)
    if (sealer.verifyMac('user-code', 'BCDFGHJK', text)) assert.ok(sealer.macs('user-code', 'BCDFGHJK').includes(text))
  },
}
