/**
 * Assertions: what another issuer says about a person, signed. Nothing in one is believed before its signature is verified
 * with a key that its issuer publishes; what says which issuer to ask is compared again afterwards.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
import { decodeJwt, decodeProtectedHeader, errors, importJWK, type JWTPayload, jwtVerify } from 'jose'
import { ExpiredTokenException, InvalidGrantException, ServiceUnavailableException } from 'ssooidc/protocol/sso-oidc'
import type { Application, TrustedTokenIssuer, User } from '../../storage/storage.ts'
import type { Deps } from '../deps.ts'
import { sha256 } from '../keys/random.ts'
import { IssuerUnreachable, type PinnedKey } from './issuer-keys.ts'

/** A verified assertion. */
export type Assertion = {
  issuer: TrustedTokenIssuer
  claims: JWTPayload
  /** When it was issued: the last moment at which its person is known to have been themselves. */
  issuedAt: number
  /** Under which its use is remembered, and until when. */
  use: { key: string; expiresAt: number }
}

const LONGEST = 16_384
const LONGEST_JTI = 256
/** How far the issuer's clock may be from ours, in seconds. */
const TOLERANCE = 60
/** An assertion that lives longer would have to be remembered longer, and could be stolen for longer. Seconds. */
const LONGEST_LIFE = 3_600

/**
 * Verifies an assertion for an application: by an issuer that the application trusts, for one of the audiences that it
 * accepts from that issuer, alive, and with an id by which its use can be remembered.
 *
 * @throws InvalidGrantException ExpiredTokenException
 * @throws ServiceUnavailableException when the issuer's keys cannot be fetched: nothing was decided
 */
export async function verifyAssertion(
  deps: Pick<Deps, 'applications' | 'issuerKeys'>,
  application: Application,
  assertion: string,
  now: number,
): Promise<Assertion> {
  const { issuer, audiences, key } = await keyOf(deps, application, assertion, now)
  const claims = await verify(assertion, key, issuer, now)
  const { aud, exp = 0, iat = 0, jti } = claims
  // One audience, spelled exactly: an assertion for several could be passed on by any of them.
  const [audience, ...others] = Array.isArray(aud) ? aud : [aud]
  if (audience === undefined || others.length > 0 || !audiences.includes(audience))
    throw new InvalidGrantException(
      'The assertion is not for this application: its audience must be exactly one that is accepted.',
    )
  if (exp - iat > LONGEST_LIFE) throw new InvalidGrantException('The assertion lives longer than an hour.')
  if (iat * 1000 > now + TOLERANCE * 1000) throw new InvalidGrantException('The assertion is from the future.')
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI)
    throw new InvalidGrantException('The assertion needs a jti, so that it is used once.')
  return {
    issuer,
    claims,
    issuedAt: Math.min(iat * 1000, now),
    // An id is unique with its issuer only, whose address says who that is: one issuer may be listed under two names.
    use: { key: sha256(JSON.stringify([issuer.issuerUrl, jti])), expiresAt: (exp + TOLERANCE) * 1000 },
  }
}

/**
 * The person whom an assertion is about: the one whose attribute is what the claim says.
 *
 * @throws InvalidGrantException when that is nobody, or more than one
 */
export async function findPerson({ storage }: Pick<Deps, 'storage'>, { issuer, claims }: Assertion): Promise<User> {
  const { claimAttributePath, identityStoreAttributePath } = issuer
  const value = claimAt(claims, claimAttributePath)
  if (typeof value !== 'string' || value === '')
    throw new InvalidGrantException(`The assertion has no text in its claim ${claimAttributePath}.`)
  // Whoever can have any address put into their account there would else be whoever has that address here.
  // Some issuers write the flag as text. Whether one that leaves it out has verified its addresses, an administrator says.
  const { email_verified: verified = issuer.emailsAreVerified === true } = claims
  const byAddress = claimAttributePath === 'email' || identityStoreAttributePath === 'emails.value'
  if (byAddress && verified !== true && verified !== 'true')
    throw new InvalidGrantException('The issuer does not say that it has verified the email address of the assertion.')
  const found =
    identityStoreAttributePath === 'userName'
      ? await storage.findUserByName({ userName: value }).then((user) => (user === undefined ? [] : [user]))
      : await storage.findUsersByEmail({ email: value })
  const [user, ...others] = found
  if (user === undefined || others.length > 0)
    throw new InvalidGrantException(`The claim ${claimAttributePath} of the assertion is not exactly one person here.`)
  return user
}

type Keyed = { issuer: TrustedTokenIssuer; audiences: readonly string[]; key: PinnedKey }

async function keyOf(
  { applications, issuerKeys }: Pick<Deps, 'applications' | 'issuerKeys'>,
  application: Application,
  assertion: string,
  now: number,
): Promise<Keyed> {
  const { header, issuerUrl } = peek(assertion)
  const trusted = application.trustedTokenIssuers.map(({ name, audiences }) => {
    return { issuer: applications.findIssuer(name), audiences }
  })
  const match = trusted.find(({ issuer }) => issuer !== undefined && issuer.issuerUrl === issuerUrl)
  if (match?.issuer === undefined)
    throw new InvalidGrantException('The application does not trust the issuer of the assertion.')
  const { kid, alg } = header
  if (kid !== undefined && typeof kid !== 'string') throw unreadable()
  // A key is never taken from the token itself, nor from where the token says.
  if (['jwk', 'jku', 'x5c', 'x5u'].some((name) => name in header))
    throw new InvalidGrantException('The assertion must not bring or name a key of its own.')
  const key = await issuerKeys.find(match.issuer.issuerUrl, kid, now).catch((error: unknown) => {
    if (!(error instanceof IssuerUnreachable)) throw error
    throw new ServiceUnavailableException('The keys of the assertion’s issuer cannot be fetched. Try again.', {
      cause: error,
    })
  })
  if (key === undefined || key.alg !== alg)
    throw new InvalidGrantException('The issuer publishes no key by which the assertion could be verified.')
  return { issuer: match.issuer, audiences: match.audiences, key }
}

/** What says whom to ask. It is not believed: verification compares it again. */
function peek(assertion: string): { header: Record<string, unknown>; issuerUrl: unknown } {
  if (assertion.length > LONGEST) throw new InvalidGrantException(`The assertion has more than ${LONGEST} characters.`)
  try {
    return { header: { ...decodeProtectedHeader(assertion) }, issuerUrl: decodeJwt(assertion).iss }
  } catch (cause) {
    throw unreadable(cause)
  }
}

async function verify(assertion: string, key: PinnedKey, issuer: TrustedTokenIssuer, now: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(assertion, await importJWK(key.jwk, key.alg), {
      algorithms: [key.alg],
      issuer: issuer.issuerUrl,
      currentDate: new Date(now),
      clockTolerance: TOLERANCE,
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    })
    return payload
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw new ExpiredTokenException('The assertion has expired.', { cause })
    throw new InvalidGrantException(
      'The assertion is not one that its issuer signed, or not in the form that is needed.',
      {
        cause,
      },
    )
  }
}

function unreadable(cause?: unknown): Error {
  return new InvalidGrantException(
    'The assertion is not a signed JSON Web Token.',
    cause === undefined ? {} : { cause },
  )
}

/** The claim at a path of members, each an object's own. */
function claimAt(claims: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined
  }, claims)
}
