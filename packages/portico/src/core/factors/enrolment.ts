/** Setting up a second factor: what somebody presents to prove that they hold it, and what follows from it. */
import type { User } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Deps, Origin } from '../deps.ts'
import { tell } from '../people/letters.ts'
import { type PasskeyAnswer, readNewPasskey } from './passkeys.ts'
import { confirmTotp } from './totp.ts'

/** What somebody sets up as a second factor. `sealed` is what `newTotp` gave. */
export type Enrolment =
  | { method: 'totp'; sealed: string; code: string }
  | { method: 'passkey'; answer: PasskeyAnswer; name: string; holder: string }

/**
 * Sets a factor up, for whoever is signed in or about to be. False when the code or the passkey is not what it should be.
 *
 * Not its job: whether this browser may. A half-finished sign-in may only where there was no factor before.
 */
export async function enrol(
  deps: Deps,
  user: User,
  enrolment: Enrolment,
  origin: Origin,
  now: number,
): Promise<boolean> {
  const { storage } = deps
  if (enrolment.method === 'totp') {
    const totp = confirmTotp(deps, user, enrolment.sealed, enrolment.code, now)
    if (totp === undefined) return false
    await storage.setTotp({ userId: user.id, totp, audit: auditEvent('AddTotp', origin, user.id, {}, now) })
  } else {
    const { answer, name, holder } = enrolment
    const passkey = await readNewPasskey(deps, user, { ...answer, name }, holder, now)
    const audit = auditEvent('AddPasskey', origin, user.id, { passkey: passkey?.name }, now)
    if (passkey === undefined || !(await storage.addPasskey({ passkey, audit }))) return false
  }
  await storage.acknowledgeFactorReset({ userId: user.id })
  tell(deps, user, enrolment.method === 'totp' ? 'totp-added' : 'passkey-added', origin)
  return true
}
