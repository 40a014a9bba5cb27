/**
 * Signature Version 4, the server's side: who signed this request, and is it the request that they signed?
 *
 * It reads a `RawRequest` and nothing else, refuses whatever two readers could read differently, and compares in constant
 * time. Not its job: whose access key it is (the caller looks that up), what the person may do, and how a refusal is
 * spelled on the wire. SigV4 has no nonce: within the skew a request can be sent again, so what must happen once has to
 * be made to happen once by the operation.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
import { timingSafeEqual } from 'node:crypto'

import type { RawRequest } from '../../protocol/raw-request.ts'
import { type CredentialScope, parseAuthorizationHeader } from './authorization-header.ts'
import { canonicalRequest, sha256 } from './canonical-request.ts'
import { checkClock, parseTimestamp } from './clock.ts'
import { type HeaderValues, readHeaders, readSignedHeaders } from './headers.ts'
import { incomplete, mismatch, SigV4Refusal } from './refusal.ts'
import { sign } from './sign.ts'

/** What an access key stands for. */
export type SigningCredentials<Principal> = {
  secretAccessKey: string
  principal: Principal
  /** From this moment the credentials are refused; absent when they have no end. */
  expiresAt?: number
}

/** What a request must be to be accepted. */
export type VerifyOptions<Principal> = {
  /** Signing names that this endpoint answers to, such as `sts`. */
  services: readonly string[]
  /** Regions that the signature may name. */
  regions: 'any' | readonly string[]
  /** `Host` values that are ours, lower-case, with the port where it is not the scheme's own. Any, when absent. */
  hosts?: readonly string[]
  now: number
  /** How many milliseconds the signer's clock may be from `now`, either way. */
  skew: number
  /** Undefined when the access key is unknown, or does not belong to this session token. */
  lookup: (accessKeyId: string, sessionToken: string | undefined) => SigningCredentials<Principal> | undefined
}

/** A request that was signed by whom it says. */
export type Verified<Principal> = {
  principal: Principal
  accessKeyId: string
  region: string
  service: string
  /** When the signer says that it signed. */
  signedAt: number
}

/**
 * Verifies a signed request.
 *
 * @throws SigV4Refusal with its kind, and a sentence for the person at the terminal
 */
export function verifySigV4<Principal>(request: RawRequest, options: VerifyOptions<Principal>): Verified<Principal> {
  const headers = readHeaders(request)
  const { accessKeyId, scope, signedHeaders, signature } = parseAuthorizationHeader(requireAuthorization(headers))
  checkScope(scope, options)
  const signed = readSignedHeaders(signedHeaders, headers)
  checkHost(headers, options.hosts)
  const { timestamp, signedAt } = readTimestamp(scope, headers)
  const canonical = canonicalRequest(request, signed, hashPayload(request.body, headers))

  // Early exits end here: from now on an access key that nobody holds costs what any other costs.
  const credentials = options.lookup(accessKeyId, headers.get('x-amz-security-token'))
  const secretAccessKey = credentials?.secretAccessKey ?? nobodysSecret
  const isSigner = equalInConstantTime(
    signature,
    sign({ secretAccessKey, scope, timestamp, canonicalRequest: canonical }),
  )
  if (credentials === undefined) {
    throw new SigV4Refusal('unknown-access-key', 'The access key or session token of this request is not known here.')
  }
  if (!isSigner) {
    throw mismatch('The secret access key of this request is wrong, or something changed the request on its way.')
  }
  checkClock(signedAt, options.now, options.skew)
  if (credentials.expiresAt !== undefined && credentials.expiresAt <= options.now) {
    throw new SigV4Refusal('expired-credentials', 'The credentials of this request have expired. Get new ones.')
  }
  return { principal: credentials.principal, accessKeyId, region: scope.region, service: scope.service, signedAt }
}

/** Stands in for the secret when nobody holds the access key; as long as any other, and its outcome is never looked at. */
const nobodysSecret = '0'.repeat(40)

function requireAuthorization(headers: HeaderValues): string {
  const value = headers.get('authorization')
  if (value === undefined) {
    throw new SigV4Refusal(
      'missing',
      'The request is not signed: it needs an Authorization header of Signature Version 4.',
    )
  }
  return value
}

function checkScope<Principal>({ service, region }: CredentialScope, options: VerifyOptions<Principal>): void {
  const { services, regions } = options
  if (!services.includes(service)) {
    throw mismatch(`The request is signed for the service ${service}, not for ${services.join(' or ')}.`)
  }
  if (regions !== 'any' && !regions.includes(region)) {
    throw mismatch(`The request is signed for the region ${region}, not for ${regions.join(' or ')}.`)
  }
}

function checkHost(headers: HeaderValues, hosts: readonly string[] | undefined): void {
  const host = headers.get('host') ?? ''
  if (hosts !== undefined && !hosts.includes(host.toLowerCase())) {
    throw mismatch(`The request is signed for the host ${host}, which is not a name of this server.`)
  }
}

function readTimestamp(scope: CredentialScope, headers: HeaderValues): { timestamp: string; signedAt: number } {
  const timestamp = headers.get('x-amz-date') ?? ''
  const signedAt = parseTimestamp(timestamp)
  if (signedAt === undefined) throw incomplete('The request needs an x-amz-date header that reads YYYYMMDDTHHMMSSZ.')
  // Otherwise a signing key, which is made for one day, would be good for every day.
  if (!timestamp.startsWith(scope.date)) throw mismatch('The credential scope is of another day than x-amz-date.')
  return { timestamp, signedAt }
}

function hashPayload(body: Uint8Array, headers: HeaderValues): string {
  const hash = sha256(body)
  const claimed = headers.get('x-amz-content-sha256') ?? hash
  if (/^(UNSIGNED-PAYLOAD|STREAMING-)/.test(claimed)) {
    throw incomplete('The body must be signed: unsigned and streaming payloads are not accepted.')
  }
  if (claimed !== hash) throw mismatch('x-amz-content-sha256 is not the SHA-256 of the body that arrived.')
  return hash
}

/** Signatures are ASCII by now, so equal lengths are equal lengths in bytes; the length itself is no secret. */
function equalInConstantTime(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
