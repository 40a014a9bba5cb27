/** Setting up a second factor: what somebody presents to prove that they hold it, and what follows from it. */
import type { User } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Deps, Origin } from '../deps.ts'
import { tell } from '../people/letters.ts'
import { REVOCATION_LIFE } from '../sessions/tokens.ts'
import { type PasskeyAnswer, readNewPasskey } from './passkeys.ts'
import { confirmTotp } from './totp.ts'

/** What somebody sets up as a second factor. `sealed` is what `newTotp` gave. */
export type Enrolment =
  | { method: 'totp'; sealed: string; code: string }
  | { method: 'passkey'; answer: PasskeyAnswer; name: string; holder: string }

/** Who sets a factor up. */
export type Enrolling = {
  /** Whether it must be their first: whoever has not proved one may not add another, nor replace one. */
  first: boolean
  /** The sign-in of the browser where they do; null where they are about to sign in. */
  signInId: string | null
}

/**
 * Sets a factor up, for whoever is signed in or about to be. False when the code or the passkey is not what it should be, or
 * when it should be the first and is not. An app takes the place of the one before, and what that one had let in elsewhere
 * ends.
 */
export async function enrol(
  deps: Deps,
  user: User,
  enrolment: Enrolment,
  { first, signInId }: Enrolling,
  origin: Origin,
  now: number,
): Promise<boolean> {
  const { storage } = deps
  if (enrolment.method === 'totp') {
    const totp = confirmTotp(deps, user, enrolment.sealed, enrolment.code, now)
    if (totp === undefined) return false
    const audit = auditEvent('AddTotp', origin, user.id, {}, now)
    const change = { userId: user.id, spare: signInId, revokedUntil: now + REVOCATION_LIFE, now, audit }
    if (!(await storage.setTotp({ ...change, totp, first }))) return false
  } else {
    const { answer, name, holder } = enrolment
    const passkey = await readNewPasskey(deps, user, { ...answer, name }, holder, now)
    const audit = auditEvent('AddPasskey', origin, user.id, { passkey: passkey?.name }, now)
    if (passkey === undefined || !(await storage.addPasskey({ passkey, first, signInId, audit }))) return false
  }
  await storage.acknowledgeFactorReset({ userId: user.id })
  tell(deps, user, enrolment.method === 'totp' ? 'totp-added' : 'passkey-added', origin)
  return true
}
