/** JSON Web Tokens of other issuers, as they come, and such as their issuer signed with whatever it likes in them. */
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { isServiceException } from 'ssooidc/protocol'
import { verifyAssertion } from '../../../packages/portico/src/core/applications/assertions.ts'
import { createIssuerKeys } from '../../../packages/portico/src/core/applications/issuer-keys.ts'
import type { Application, TrustedTokenIssuer } from '../../../packages/portico/src/storage/storage.ts'
import { NOW, partsOf } from '../parts.ts'
import type { Target } from '../target.ts'

const ISSUER_URL = 'https://login.example.com'
// The example key of RFC 7515, Appendix A.3: nobody's secret.
const privateKey = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
  },
})
const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: 'key-1' }
const issuer: TrustedTokenIssuer = {
  id: 'tti-1',
  name: 'corporate',
  issuerUrl: ISSUER_URL,
  claimAttributePath: 'email',
  identityStoreAttributePath: 'emails.value',
}
const application: Application = {
  id: 'apl-1',
  name: 'reports',
  grants: [],
  redirectUris: [],
  scopes: [],
  actors: [],
  trustedTokenIssuers: [{ name: 'corporate', audiences: ['reports'] }],
  assignmentRequired: false,
  assignments: [],
  idTokenAlgorithm: 'ES256',
}
const documents: Readonly<Record<string, unknown>> = {
  [`${ISSUER_URL}/.well-known/openid-configuration`]: { issuer: ISSUER_URL, jwks_uri: `${ISSUER_URL}/keys` },
  [`${ISSUER_URL}/keys`]: { keys: [jwk] },
}
const issuerKeys = createIssuerKeys(async (url) => documents[url])
const applications = { findIssuer: (name: string) => (name === issuer.name ? issuer : undefined) } as never // nothing else is asked

const SECONDS = NOW / 1000
const header = '{"alg":"ES256","kid":"key-1"}'
const payload = JSON.stringify({
  iss: ISSUER_URL,
  sub: 'a',
  aud: 'reports',
  iat: SECONDS - 10,
  exp: SECONDS + 300,
  jti: '1',
})
const genuine = signed(Buffer.from(header), Buffer.from(payload))

export const target: Target = {
  reads: 'assertions of trusted issuers (JSON Web Tokens)',
  promises:
    'Refused as an invalid or expired grant, or signed by the issuer’s key for ES256, with exactly our audience, alive for an hour at most, and with a jti.',
  files: [
    'packages/portico/src/core/applications/assertions.ts',
    'node_modules/jose/dist/webapi/jws/flattened/verify.js',
    'node_modules/jose/dist/webapi/lib/jwt_claims_set.js',
  ],
  seeds: [
    genuine,
    `${header}\n${payload}`,
    `{"alg":"none"}\n${payload}`,
    `{"alg":"HS256","kid":"key-1"}\n${payload}`,
    `{"alg":"ES256","kid":"key-1","b64":false,"crit":["b64"]}\n${payload}`,
    `{"alg":"ES256","jwk":{},"jku":"https://evil.example"}\n${payload}`,
    `${header}\n${payload.replace('"reports"', '["reports","others"]')}`,
  ],
  words: [
    '"alg":"none"',
    '"crit":["x"],',
    '"b64":false,',
    '"aud":["reports"]',
    '"nbf":1',
    '"exp":9e99',
    '"__proto__":{}',
    'null',
    '\n',
  ],
  async check(input) {
    const [first, second] = input.includes(0x0a) ? partsOf(input, 2) : [undefined, undefined]
    const token = first && second ? signed(first, second) : input.toString('latin1')
    try {
      await verifyAssertion({ applications, issuerKeys }, application, token, NOW)
    } catch (error) {
      assert.ok(
        isServiceException(error, 'InvalidGrantException') || isServiceException(error, 'ExpiredTokenException'),
        String(error),
      )
      return
    }
    // ECDSA signatures have a twin, so only what was signed is compared.
    const [protectedPart = '', claimsPart = ''] = token.split('.')
    if (first === undefined) assert.equal(`${protectedPart}.${claimsPart}`, genuine.split('.', 2).join('.'))
    const said = JSON.parse(Buffer.from(protectedPart, 'base64url').toString())
    const claims = JSON.parse(Buffer.from(claimsPart, 'base64url').toString())
    assert.equal(said.alg, 'ES256')
    assert.ok(said.kid === undefined || said.kid === 'key-1')
    assert.ok(!('jwk' in said || 'jku' in said || 'x5c' in said || 'x5u' in said))
    assert.equal(claims.iss, ISSUER_URL)
    assert.equal([claims.aud].flat().join(), 'reports')
    assert.ok(claims.exp > SECONDS - 61 && claims.exp - claims.iat <= 3_600 && claims.iat <= SECONDS + 60)
    assert.ok(claims.nbf === undefined || claims.nbf <= SECONDS + 60)
    assert.equal(typeof claims.jti, 'string')
  },
}

function signed(protectedHeader: Uint8Array, claims: Uint8Array): string {
  const text = [protectedHeader, claims].map((part) => Buffer.from(part).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}
