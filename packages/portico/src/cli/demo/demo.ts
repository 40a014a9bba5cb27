/** The demo organization: two people whose passwords follow from the root key, so that they are stable and never the same twice. */
import { readFileSync } from 'node:fs'
import type { Deps } from '../../core/deps.ts'
import type { Sealer } from '../../core/keys/sealing.ts'
import { parseOrganization } from '../../core/organization/organization-file.ts'
import { hashPassword, verifyPassword } from '../../core/people/passwords.ts'
import type { AuditEvent, Organization } from '../../storage/storage.ts'
import { brokerNames } from '../brokers.ts'

/** A person whose demo password is still the one that opens. */
export type DemoPerson = { username: string; password: string; administrator: boolean }

/** The organization of `demo-organization.yaml`. */
export function demoOrganization(): Organization {
  const text = readFileSync(new URL('./demo-organization.yaml', import.meta.url), 'utf8')
  const parsed = parseOrganization(text, { brokers: brokerNames })
  if (!parsed.ok) throw new Error(`the demo organization is wrong: ${JSON.stringify(parsed.problems)}`)
  return parsed.organization
}

/**
 * Puts the demo organization into an instance that has none, and gives its people passwords if they have none. What somebody
 * has changed since stays as it is.
 *
 * @returns those whose demo passwords open, with the passwords
 */
export async function prepareDemo({ storage, sealer }: Deps, now: number): Promise<DemoPerson[]> {
  const demo = demoOrganization()
  const stored = await storage.readOrganization({})
  const audit = (eventName: string, detail: AuditEvent['detail']): AuditEvent => {
    return { at: now, eventName, userId: null, address: null, userAgent: 'portico serve --demo', detail }
  }
  if (stored.users.length === 0 && stored.accounts.length === 0) {
    await storage.applyOrganization({ organization: demo, now, audit: audit('ApplyOrganization', { demo: true }) })
  }
  const people: DemoPerson[] = []
  for (const { userName } of demo.users) {
    const user = await storage.findUserByName({ userName })
    if (user === undefined) continue
    const password = demoPassword(sealer, userName)
    if (user.passwordHash === null) {
      const passwordHash = await hashPassword(password)
      await storage.setPassword({
        ...{ userName, passwordHash, now },
        endSessions: false, // nobody without a password ever signed in
        revokedUntil: now,
        audit: audit('SetPassword', { userName, demo: true }),
      })
    } else if (!(await verifyPassword(user.passwordHash, password))) continue
    people.push({ username: user.userName, password, administrator: user.administrator })
  }
  return people
}

/** 20 characters of base32: 100 bits, no letters that look alike. */
export function demoPassword(sealer: Pick<Sealer, 'mac'>, userName: string): string {
  // The MAC begins with the id of its key, which is no secret.
  const secret = Buffer.from(sealer.mac('demo', userName), 'base64url').subarray(4)
  return base32(secret).slice(0, 20)
}

/** @see https://www.rfc-editor.org/rfc/rfc4648#section-6, in lower case */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const digits = bits.match(/.{5}/g) ?? []
  return digits.map((digit) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(digit, 2)]).join('')
}
