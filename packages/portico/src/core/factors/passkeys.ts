/**
 * Passkeys: keys that a device or a security key holds for this origin and for no other, so that there is nothing to type into
 * a false page. The library verifies what comes back; here is what we ask for, and what we remember.
 *
 * User verification is required where a passkey stands alone.
 *
 * @see https://www.w3.org/TR/webauthn-3/
 */
import * as v from 'valibot'
import type { Factors, Passkey, User } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import { cleanDisplayText } from '../clients/text.ts'
import type { Deps, Origin } from '../deps.ts'
import {
  authentication,
  type Ceremony,
  openCeremony,
  PATIENCE,
  type PasskeyOffer,
  readAnswer,
  registration,
  sealOffer,
  transports,
} from './passkey-ceremony.ts'

const CHALLENGE_BYTES = 32
/** So many that nobody meets the limit who does not look for it. */
const MOST_PASSKEYS = 20
/** Ed25519, ES256, RS256: what authenticators speak and every Node.js verifies. @see https://www.iana.org/assignments/cose/ */
const ALGORITHMS = [-8, -7, -257]

/** What a page sends back. */
export type PasskeyAnswer = { ceremony: string; credential: string }

/** Whether passkeys can work here. They belong to a name, so an address such as 127.0.0.1 can have none. */
export function passkeysArePossible(settings: { origin: string }): boolean {
  const { protocol, hostname } = new URL(settings.origin)
  return hostname === 'localhost' || (protocol === 'https:' && !/^\[|^[\d.]+$/.test(hostname))
}

/** Whether somebody has as many passkeys as one person may. */
export function hasEveryPasskey({ passkeys }: Pick<Factors, 'passkeys'>): boolean {
  return passkeys.length >= MOST_PASSKEYS
}

/** Offers to make a passkey. With `alone`, one that can stand in for a password. */
export async function offerNewPasskey(
  deps: Deps,
  user: User,
  factors: Pick<Factors, 'passkeys'>,
  { holder, alone }: { holder: string; alone: boolean },
  now: number,
): Promise<PasskeyOffer | undefined> {
  if (!passkeysArePossible(deps.settings) || hasEveryPasskey(factors)) return undefined
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  const challenge = new Uint8Array(deps.random.bytes(CHALLENGE_BYTES))
  const options = await generateRegistrationOptions({
    rpName: 'Portico',
    rpID: rpId(deps),
    userID: new Uint8Array(Buffer.from(user.id)),
    userName: user.userName,
    userDisplayName: user.displayName,
    challenge,
    timeout: PATIENCE,
    // Which make of key somebody has is none of our business.
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: factors.passkeys.map(describe),
    authenticatorSelection: {
      residentKey: alone ? 'required' : 'preferred',
      userVerification: alone ? 'required' : 'preferred',
    },
  })
  return sealOffer(deps, options, { doing: 'create', holder, userId: user.id, verified: alone }, now)
}

/** Offers to prove oneself with a passkey: with any of the person's, or, where nobody is known yet, with one that says whose it is. */
export async function offerPasskey(
  deps: Deps,
  known: { user: User; factors: Pick<Factors, 'passkeys'> } | undefined,
  holder: string,
  now: number,
): Promise<PasskeyOffer | undefined> {
  if (!passkeysArePossible(deps.settings) || known?.factors.passkeys.length === 0) return undefined
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  const options = await generateAuthenticationOptions({
    rpID: rpId(deps),
    challenge: new Uint8Array(deps.random.bytes(CHALLENGE_BYTES)),
    timeout: PATIENCE,
    allowCredentials: known?.factors.passkeys.map(describe) ?? [],
    userVerification: known === undefined ? 'required' : 'preferred',
  })
  const userId = known?.user.id ?? null
  return sealOffer(deps, options, { doing: 'get', holder, userId, verified: known === undefined }, now)
}

/** The passkey that a browser made, not stored yet; undefined when the answer is not one to our offer. */
export async function readNewPasskey(
  deps: Deps,
  user: User,
  answer: PasskeyAnswer & { name: string },
  holder: string,
  now: number,
): Promise<Passkey | undefined> {
  const ceremony = await openCeremony(deps, 'create', answer.ceremony, holder, now)
  const response = readAnswer(registration, answer.credential)
  if (ceremony?.userId !== user.id || response === undefined) return undefined
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const verified = await verifyRegistrationResponse({
    response,
    ...expected(deps, ceremony),
    supportedAlgorithmIDs: ALGORITHMS,
    requireUserVerification: ceremony.verified,
  }).catch(refused)
  if (!verified?.verified) return undefined
  const { credential, credentialBackedUp } = verified.registrationInfo
  return {
    id: credential.id,
    userId: user.id,
    name: cleanDisplayText(answer.name, 64) || 'Passkey',
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: response.response.transports,
    synced: credentialBackedUp,
    createdAt: now,
    lastUsedAt: null,
  }
}

/** The passkey that signed our challenge, its use written down; undefined when it is not one to our offer. */
export async function usePasskey(
  deps: Deps,
  answer: PasskeyAnswer,
  expectation: { userId: string | null; holder: string },
  origin: Origin,
  now: number,
): Promise<Passkey | undefined> {
  const ceremony = await openCeremony(deps, 'get', answer.ceremony, expectation.holder, now)
  const response = readAnswer(authentication, answer.credential)
  if (ceremony === undefined || ceremony.userId !== expectation.userId || response === undefined) return undefined
  const passkey = await deps.storage.findPasskey({ id: response.id })
  if (passkey === undefined || passkey.userId !== (ceremony.userId ?? passkey.userId)) return undefined
  // Who comes by passkey alone is whom the passkey names, in what it signs for as in what we stored.
  if (ceremony.userId === null && response.response.userHandle !== handleOf(passkey.userId)) return undefined
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  const verified = await verifyAuthenticationResponse({
    response,
    ...expected(deps, ceremony),
    requireUserVerification: ceremony.verified,
    credential: {
      id: passkey.id,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
      // Storage judges the counter, in the same step that moves it on.
      counter: 0,
    },
  }).catch(refused)
  if (!verified?.verified) return undefined
  const { newCounter: counter, credentialBackedUp: synced } = verified.authenticationInfo
  if (await deps.storage.usePasskey({ id: passkey.id, counter, synced, now })) return passkey
  const detail = { passkey: passkey.name, counter, before: passkey.counter }
  const audit = auditEvent('PasskeyCounterWentBack', origin, passkey.userId, detail, now)
  await deps.storage.recordAudit({ events: [audit] })
  return undefined
}

function handleOf(userId: string): string {
  return Buffer.from(userId).toString('base64url')
}

/** The library throws whatever it finds wrong, and there is one answer to all of it. */
function refused(): undefined {
  return undefined
}

function rpId(deps: Deps): string {
  return new URL(deps.settings.origin).hostname
}

function expected(deps: Deps, { challenge }: Ceremony) {
  return { expectedChallenge: challenge, expectedOrigin: deps.settings.origin, expectedRPID: rpId(deps) }
}

function describe({ id, transports: ways }: Passkey) {
  return { id, transports: ways.filter((way) => v.is(transports, way)) }
}
