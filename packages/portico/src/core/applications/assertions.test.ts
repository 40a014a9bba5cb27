import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { suite, test } from 'node:test'
import { type JWTPayload, SignJWT } from 'jose'
import { isServiceException } from 'ssooidc/protocol'
import type { Application, TrustedTokenIssuer, User } from '../../storage/storage.ts'
import { findPerson, verifyAssertion } from './assertions.ts'
import { createIssuerKeys, type FetchDocument } from './issuer-keys.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const ISSUER_URL = 'https://login.example.com'
const KID = 'key-1'

const issuer = (changes: Partial<TrustedTokenIssuer> = {}): TrustedTokenIssuer => ({
  id: 'tti-1',
  name: 'corporate',
  issuerUrl: ISSUER_URL,
  claimAttributePath: 'email',
  identityStoreAttributePath: 'emails.value',
  ...changes,
})

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

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const published = (key: KeyObject, changes: object = {}) => ({ ...key.export({ format: 'jwk' }), kid: KID, ...changes })

/** An issuer that publishes these keys, and how often it was asked. */
function issuerWith(keys: unknown[], trusted = issuer()) {
  const asked: string[] = []
  const { issuerUrl } = trusted
  const documents: Record<string, unknown> = {
    [`${issuerUrl}/.well-known/openid-configuration`]: { issuer: issuerUrl, jwks_uri: `${issuerUrl}/keys` },
    [`${issuerUrl}/keys`]: { keys },
  }
  const fetchDocument: FetchDocument = async (url) => {
    asked.push(url)
    if (!(url in documents)) throw new Error('nothing is there')
    return documents[url]
  }
  const issuerKeys = createIssuerKeys(fetchDocument)
  const findIssuer = (name: string) => (name === trusted.name ? trusted : undefined)
  const applications = { findIssuer } as never // nothing else of them is asked for an assertion
  const verify = (assertion: string, now = NOW) =>
    verifyAssertion({ applications, issuerKeys }, application, assertion, now)
  return { verify, asked, documents, issuerKeys, keys }
}

const seconds = NOW / 1000
const claims: JWTPayload = {
  iss: ISSUER_URL,
  sub: 'a person there',
  aud: 'reports',
  iat: seconds - 10,
  exp: seconds + 300,
  jti: 'one',
  email: 'alice@example.com',
  email_verified: true,
}

function sign(changes: JWTPayload = {}, key: KeyObject = ec.privateKey, header: object = {}) {
  const given = Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined)
  return new SignJWT(Object.fromEntries(given)).setProtectedHeader({ alg: 'ES256', kid: KID, ...header }).sign(key)
}

/** A token of parts that no library would sign. */
function forge(header: object, signature: (input: string) => string = () => ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part(claims)}`
  return `${input}.${signature(input)}`
}

const invalid = (error: unknown) => isServiceException(error, 'InvalidGrantException')
const expired = (error: unknown) => isServiceException(error, 'ExpiredTokenException')

suite('an assertion', () => {
  test('that its issuer signed for this application is believed', async () => {
    const { claims: verified, use } = await issuerWith([published(ec.publicKey)]).verify(await sign())
    assert.equal(verified.email, 'alice@example.com')
    assert.equal(use.expiresAt, NOW + 360_000)
  })

  test('T-JWT-01: is refused with every algorithm but the one that its key is for', async () => {
    const algorithms = ['none', 'None', 'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
    for (const jwk of [published(ec.publicKey), published(rsa.publicKey, { alg: 'PS256' })])
      for (const alg of [...algorithms, 'ES384', 'ES512', 'EdDSA', undefined]) {
        const token = forge({ ...(alg === undefined ? {} : { alg }), kid: KID }, () =>
          Buffer.alloc(64, 1).toString('base64url'),
        )
        await assert.rejects(issuerWith([jwk]).verify(token), invalid, `${alg} with ${jwk.kty}`)
      }
    const withoutName = issuerWith([published(rsa.publicKey)])
    await assert.rejects(withoutName.verify(await sign({}, rsa.privateKey, { alg: 'RS384' })), invalid)
    await withoutName.verify(await sign({}, rsa.privateKey, { alg: 'RS256' }))
  })

  test('T-JWT-02: is refused when a public key was used as a shared secret', async () => {
    const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' })
    const forged = forge({ alg: 'HS256', kid: KID }, (input) =>
      createHmac('sha256', pem).update(input).digest('base64url'),
    )
    await assert.rejects(issuerWith([published(rsa.publicKey)]).verify(forged), invalid)
    const symmetric = {
      kty: 'oct',
      k: Buffer.from('a secret that is known').toString('base64url'),
      kid: KID,
      alg: 'HS256',
    }
    await assert.rejects(issuerWith([symmetric]).verify(forged), invalid)
  })

  test('T-JWT-03: is refused when it brings or names a key of its own', async () => {
    const { verify } = issuerWith([published(ec.publicKey)])
    for (const header of [
      { jwk: stranger.publicKey.export({ format: 'jwk' }) },
      { jku: 'https://x' },
      { x5u: 'https://x' },
      { x5c: [] },
    ])
      await assert.rejects(verify(await sign({}, ec.privateKey, header)), invalid)
    await assert.rejects(verify(await sign({}, stranger.privateKey)), invalid)
    await assert.rejects(verify(forge({ alg: 'ES256', kid: KID, crit: ['x'], x: 1 })), invalid)
  })

  for (const [what, changes] of [
    ['another issuer', { iss: 'https://login.example.com/' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'payroll' }],
    ['no audience', { aud: undefined }],
    ['an audience that only begins alike', { aud: 'reports/' }],
    ['an audience too many', { aud: ['reports', 'payroll'] }],
    ['no subject', { sub: undefined }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
    ['a beginning in the future', { iat: seconds + 120, exp: seconds + 300 }],
    ['a life of more than an hour', { exp: seconds + 3_600 }],
    ['a time before which it does not count', { nbf: seconds + 120 }],
    ['no id', { jti: undefined }],
    ['an empty id', { jti: '' }],
    ['an endless id', { jti: 'x'.repeat(257) }],
  ] as const)
    test(`T-JWT-07: is refused with ${what}`, async () => {
      await assert.rejects(issuerWith([published(ec.publicKey)]).verify(await sign(changes as JWTPayload)), invalid)
    })

  test('is over at its end, with a minute for clocks that differ', async () => {
    const { verify } = issuerWith([published(ec.publicKey)])
    const assertion = await sign({ exp: seconds })
    await verify(assertion, NOW + 59_000)
    await assert.rejects(verify(assertion, NOW + 61_000), expired)
  })

  test('T-JWT-06: has an id of its issuer’s own: two issuers may use the same, and one under two names may not', async () => {
    const useOf = async (entry: Partial<TrustedTokenIssuer>, changes: JWTPayload = {}) =>
      (await issuerWith([published(ec.publicKey)], issuer(entry)).verify(await sign(changes))).use.key
    const issuerUrl = 'https://login.example.net'
    assert.notEqual(await useOf({ issuerUrl }, { iss: issuerUrl }), await useOf({}))
    assert.equal(await useOf({ id: 'tti-2' }), await useOf({}))
  })

  test('that was cut or changed anywhere is refused', async () => {
    const { verify } = issuerWith([published(ec.publicKey)])
    const assertion = await sign()
    for (let at = 0; at < assertion.length; at += 7) await assert.rejects(verify(assertion.slice(0, at)), invalid)
    for (let at = 0; at < assertion.length; at += 7) {
      const changed = assertion.charAt(at) === 'A' ? 'B' : 'A'
      // The last character of a part may hold bits that stand for nothing.
      if (assertion.charAt(at + 1) === '.' || at === assertion.length - 1) continue
      await assert.rejects(verify(assertion.slice(0, at) + changed + assertion.slice(at + 1)), invalid)
    }
    await assert.rejects(verify('x'.repeat(20_000)), invalid)
  })
})

suite('the keys of an issuer', () => {
  test('are fetched once, and again when an unknown one is named, but not at anybody’s pace', async () => {
    const { verify, asked, keys } = issuerWith([published(ec.publicKey)])
    await verify(await sign())
    await verify(await sign({ jti: 'two' }))
    assert.equal(asked.length, 2)
    const rolled = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    keys.push(published(rolled.publicKey, { kid: 'key-2' }))
    const next = await sign({}, rolled.privateKey, { kid: 'key-2' })
    await assert.rejects(verify(next, NOW + 1_000), invalid)
    await verify(next, NOW + 31_000)
    assert.equal(asked.length, 4)
    for (let i = 0; i < 20; i++)
      await assert.rejects(verify(await sign({}, ec.privateKey, { kid: `invented-${i}` }), NOW + 32_000), invalid)
    assert.equal(asked.length, 4)
  })

  test('are still good for a while when the issuer does not answer, and then nothing is decided', async () => {
    const { verify, documents } = issuerWith([published(ec.publicKey)])
    await verify(await sign())
    for (const url of Object.keys(documents)) delete documents[url]
    const later = (minutes: number) => sign({ iat: seconds + minutes * 60 - 10, exp: seconds + minutes * 60 + 300 })
    await verify(await later(30), NOW + 30 * 60_000)
    await assert.rejects(verify(await later(61), NOW + 61 * 60_000), (error: unknown) =>
      isServiceException(error, 'ServiceUnavailableException'),
    )
  })

  test('are no keys when the discovery document is of another issuer, or names a key set in clear', async () => {
    for (const metadata of [
      { issuer: 'https://other.example.com', jwks_uri: `${ISSUER_URL}/keys` },
      { issuer: ISSUER_URL, jwks_uri: 'http://login.example.com/keys' },
      { issuer: ISSUER_URL },
    ]) {
      const { verify, documents } = issuerWith([published(ec.publicKey)])
      documents[`${ISSUER_URL}/.well-known/openid-configuration`] = metadata
      await assert.rejects(verify(await sign()), (error: unknown) =>
        isServiceException(error, 'ServiceUnavailableException'),
      )
    }
  })

  test('are not those for encryption, and two with one name are none', async () => {
    await assert.rejects(issuerWith([published(ec.publicKey, { use: 'enc' })]).verify(await sign()), invalid)
    const twice = [published(ec.publicKey), published(stranger.publicKey)]
    await assert.rejects(issuerWith(twice).verify(await sign()), invalid)
  })
})

suite('the person of an assertion', () => {
  const alice = { id: 'user-1' } as User
  const storage = (found: readonly User[]) =>
    ({ findUserByName: async () => found[0], findUsersByEmail: async () => found }) as never // nothing else is asked
  const of = (changes: JWTPayload, trusted = issuer()) =>
    ({ issuer: trusted, claims: { ...claims, ...changes } }) as never

  test('is the one whose address the claim is, and nobody when there are two', async () => {
    assert.equal(await findPerson({ storage: storage([alice]) }, of({})), alice)
    await assert.rejects(findPerson({ storage: storage([]) }, of({})), invalid)
    await assert.rejects(findPerson({ storage: storage([alice, alice]) }, of({})), invalid)
  })

  test('is found by an address that the issuer says it has verified, in whatever claim the address is', async () => {
    const byName = issuer({ identityStoreAttributePath: 'userName' })
    const elsewhere = issuer({ claimAttributePath: 'upn' })
    const upn = 'alice@example.com'
    for (const trusted of [issuer(), byName, elsewhere]) {
      for (const email_verified of [true, 'true'])
        assert.equal(await findPerson({ storage: storage([alice]) }, of({ upn, email_verified }, trusted)), alice)
      for (const email_verified of [undefined, false, 'false', 'no', 1, null])
        await assert.rejects(
          findPerson({ storage: storage([alice]) }, of({ upn, email_verified }, trusted)),
          invalid,
          `${trusted.claimAttributePath} with ${email_verified}`,
        )
    }
  })

  test('is found by an address of an issuer that is said to verify all of them, unless it says that it has not', async () => {
    const vouching = issuer({ emailsAreVerified: true })
    const found = (email_verified: unknown) =>
      findPerson({ storage: storage([alice]) }, of({ email_verified }, vouching))
    for (const said of [undefined, true, 'true']) assert.equal(await found(said), alice)
    for (const said of [false, 'false', 'no', 0, null]) await assert.rejects(found(said), invalid, String(said))
  })

  test('is found by a user name without any word about addresses', async () => {
    const named = issuer({ claimAttributePath: 'login', identityStoreAttributePath: 'userName' })
    const login = { login: 'alice', email_verified: undefined }
    assert.equal(await findPerson({ storage: storage([alice]) }, of(login, named)), alice)
  })

  test('is found by a claim inside another, by own members only', async () => {
    const nested = issuer({ claimAttributePath: 'person.login', identityStoreAttributePath: 'userName' })
    assert.equal(await findPerson({ storage: storage([alice]) }, of({ person: { login: 'alice' } }, nested)), alice)
    const inherited = issuer({ claimAttributePath: 'constructor.name', identityStoreAttributePath: 'userName' })
    await assert.rejects(findPerson({ storage: storage([alice]) }, of({}, inherited)), invalid)
    await assert.rejects(findPerson({ storage: storage([alice]) }, of({ email: ['alice@example.com'] })), invalid)
  })
})
