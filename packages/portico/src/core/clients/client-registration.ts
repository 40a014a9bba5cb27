/**
 * Client registration without a table. RegisterClient takes no credentials, so it writes nothing: the client id is the
 * registration, sealed, and the client secret is a MAC of the id. Nobody can fill a database, and `/authorize`, which sees
 * only the id, needs no look-up. What cannot be deleted is denied instead, by the hash of the id.
 *
 * Not its job: which registrations are acceptable, and whether one has expired.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591#section-5
 */

import { format, parse } from '../keys/opaque-token.ts'
import { sha256 } from '../keys/random.ts'
import type { Sealer } from '../keys/sealing.ts'

/** What a client said about itself, after cleaning. Moments are epoch milliseconds. */
export type Registration = {
  /** Attacker-chosen text. */
  name: string
  scopes: readonly string[]
  grantTypes: readonly string[]
  redirectUris: readonly string[]
  /** Where a person may be sent back to after signing out. Absent where there is none, as in RegisterClient's. */
  postLogoutRedirectUris?: readonly string[]
  issuerUrl: string | null
  /** The application that the client is for, and whose people alone it serves; absent when the client named none. */
  entitledApplicationArn?: string | null | undefined
  /** It registered to have no secret, which only the standard endpoints allow. Absent where there is one. */
  withoutSecret?: boolean
  issuedAt: number
  expiresAt: number
}

/** Greatest `registrationSize` that can be sealed: client ids stay within 1,600 characters, and so within a URL. */
export const MAX_REGISTRATION_SIZE = 1_100

/** How many bytes the registration takes inside its client id. */
export function registrationSize(registration: Registration): number {
  return Buffer.byteLength(JSON.stringify(pack(registration)))
}

/** The client's id and secret. Throws when the registration is larger than `MAX_REGISTRATION_SIZE`. */
export function sealRegistration(
  sealer: Sealer,
  registration: Registration,
): { clientId: string; clientSecret: string } {
  if (registrationSize(registration) > MAX_REGISTRATION_SIZE) throw new Error('The registration is too large to seal.')
  const clientId = format('clientId', sealer.seal('client', pack(registration)))
  return { clientId, clientSecret: format('clientSecret', sealer.mac('client', secretInput(clientId))) }
}

/** The registration that a client id is, expired or not; undefined when it is not one of ours. */
export function openRegistration(sealer: Sealer, clientId: string): Registration | undefined {
  const body = parse('clientId', clientId)
  const packed = body && sealer.open<Packed>('client', body)
  return packed ? unpack(packed) : undefined
}

/** Whether the secret is the one that was issued with this id. In constant time. */
export function isClientSecret(sealer: Sealer, clientId: string, clientSecret: string): boolean {
  const mac = parse('clientSecret', clientSecret)
  return mac !== undefined && sealer.verifyMac('client', secretInput(clientId), mac)
}

/** The name under which grants, sessions and denials remember a client. One client has one: its id has one spelling. */
export function clientHash(clientId: string): string {
  return sha256(clientId)
}

/** One letter a member, and none for what is empty: each byte makes every client id a byte and a third longer. */
type Packed = {
  n: string
  s?: readonly string[]
  g?: readonly string[]
  r?: readonly string[]
  l?: readonly string[]
  u?: string
  a?: string
  p?: 1
  t: number
  x: number
}

function pack(registration: Registration): Packed {
  const { name, scopes, grantTypes, redirectUris, issuerUrl, entitledApplicationArn, issuedAt, expiresAt } =
    registration
  const { postLogoutRedirectUris = [] } = registration
  return {
    n: name,
    ...(scopes.length > 0 && { s: scopes }),
    ...(grantTypes.length > 0 && { g: grantTypes }),
    ...(redirectUris.length > 0 && { r: redirectUris }),
    ...(postLogoutRedirectUris.length > 0 && { l: postLogoutRedirectUris }),
    ...(issuerUrl !== null && { u: issuerUrl }),
    ...(entitledApplicationArn && { a: entitledApplicationArn }),
    ...(registration.withoutSecret && { p: 1 }),
    t: issuedAt,
    x: expiresAt,
  }
}

function unpack({ n, s = [], g = [], r = [], l, u, a, p, t, x }: Packed): Registration {
  const registration = {
    name: n,
    scopes: s,
    grantTypes: g,
    redirectUris: r,
    issuerUrl: u ?? null,
    issuedAt: t,
    expiresAt: x,
  }
  return {
    ...registration,
    ...(a === undefined ? {} : { entitledApplicationArn: a }),
    ...(p === undefined ? {} : { withoutSecret: true }),
    ...(l === undefined ? {} : { postLogoutRedirectUris: l }),
  }
}

/** Says what the MAC is of, in case this purpose ever MACs something else. */
function secretInput(clientId: string): string {
  return `client-secret/${clientId}`
}
