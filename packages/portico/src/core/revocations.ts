/**
 * What was ended before its time, kept in memory so that checking an access token costs no query. Follows the revocation log
 * of storage: an acknowledged change is in force before it is acknowledged.
 */
import type { Revocation, Storage } from '../storage/storage.ts'

/** The claims of a token that a revocation can name. */
export type Revocable = {
  sessionId: string
  userId: string
  clientHash: string
  issuedAt: number
}

/** The log, as one question. */
export type Revocations = {
  /** Whether a line of the log names this token. */
  covers(token: Revocable): boolean
  /** Reads what is new in the log. */
  follow(now: number): Promise<void>
}

/** Opens the log. The caller calls `follow` at start and after each change that storage tells of. */
export function createRevocations(storage: Pick<Storage, 'readRevocations'>): Revocations {
  // By kind and subject, the latest moment up to which tokens are refused, and how long the line matters.
  const lines = new Map<string, { notBefore: number; expiresAt: number }>()
  let last = 0
  let following: Promise<void> = Promise.resolve()

  const covered = (kind: Revocation['kind'], subject: string, issuedAt: number) => {
    const line = lines.get(`${kind}:${subject}`)
    return line !== undefined && issuedAt <= line.notBefore
  }
  const add = ({ seq, kind, subject, notBefore, expiresAt }: Revocation) => {
    const key = `${kind}:${subject}`
    const known = lines.get(key)
    lines.set(key, {
      notBefore: Math.max(notBefore, known?.notBefore ?? 0),
      expiresAt: Math.max(expiresAt, known?.expiresAt ?? 0),
    })
    last = Math.max(last, seq)
  }
  const read = async (now: number) => {
    for (const revocation of await storage.readRevocations({ after: last, now })) add(revocation)
    for (const [key, { expiresAt }] of lines) if (expiresAt <= now) lines.delete(key)
  }

  return {
    covers: ({ sessionId, userId, clientHash, issuedAt }) =>
      lines.size > 0 &&
      (covered('session', sessionId, issuedAt) ||
        covered('user', userId, issuedAt) ||
        covered('client', clientHash, issuedAt) ||
        covered('instance', '', issuedAt)),
    follow(now) {
      // One after another, so that a slow read never overtakes a later one.
      following = following.catch(() => undefined).then(() => read(now))
      return following
    },
  }
}
