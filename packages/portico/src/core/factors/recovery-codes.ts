/**
 * Recovery codes: ten codes on paper for the day on which every other factor is out of reach. Each works once, after the
 * password. Only keyed MACs of them are stored, so that a copy of the database holds nothing to guess against.
 */
import type { User } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Deps, Origin } from '../deps.ts'
import { countAttempt } from '../limits/attempts.ts'

const CODES = 10
/** 80 bits. */
const CODE_BYTES = 10
/** Crockford's base 32, in lower case: no letter that is taken for a digit. @see https://www.crockford.com/base32.html */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * Makes new codes, in place of all earlier ones. They are shown once and never again. Undefined when the sign-in in which they
 * are asked for has ended.
 */
export async function newRecoveryCodes(
  deps: Deps,
  user: User,
  signInId: string,
  origin: Origin,
  now: number,
): Promise<string[] | undefined> {
  const codes = Array.from({ length: CODES }, () => newCode(deps))
  const replaced = await deps.storage.replaceRecoveryCodes({
    ...{ userId: user.id, signInId },
    macs: codes.map((code) => deps.sealer.mac('recovery-code', text(user, code))),
    now,
    audit: auditEvent('MakeRecoveryCodes', origin, user.id, {}, now),
  })
  return replaced ? codes : undefined
}

/** Checks a code and uses it up. Tries are counted before the check. */
export async function useRecoveryCode(
  deps: Deps,
  user: User,
  typed: string,
  origin: Origin,
  now: number,
): Promise<'right' | 'wrong' | 'too-many-attempts'> {
  const counted = await countAttempt(deps, 'recovery-code', user.id, origin, now)
  if (counted === undefined) return 'too-many-attempts'
  const used = await deps.storage.useRecoveryCode({
    userId: user.id,
    macs: deps.sealer.macs('recovery-code', text(user, typed)),
    audit: auditEvent('UseRecoveryCode', origin, user.id, {}, now),
  })
  if (!used) return 'wrong'
  await counted.refund()
  return 'right'
}

/** Four groups of four, `k3f9-…`. */
function newCode(deps: Deps): string {
  const bits = [...deps.random.bytes(CODE_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const digits = (bits.match(/.{5}/g) ?? []).map((five) => DIGITS.charAt(Number.parseInt(five, 2)))
  return digits.join('').replace(/(.{4})(?=.)/g, '$1-')
}

/** What is MACed: whose code, and the code without what people add or mistake when they copy it. */
function text(user: User, code: string): string {
  const plain = code.slice(0, 100).toLowerCase().replaceAll(/[\s-]/g, '')
  return `${user.id}:${plain.replaceAll('o', '0').replaceAll(/[il]/g, '1')}`
}
