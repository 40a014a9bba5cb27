/**
 * What was ended before its time, kept in memory so that checking an access token costs no query. Follows the revocation log
 * of storage: an acknowledged change is in force before it is acknowledged.
 */
import type { Revocation, Storage } from '../../storage/storage.ts'

/** What a revocation can name of a token, or of whatever else is about to be accepted. */
export type Revocable = {
  sessionId: string
  userId: string
  clientHash: string
  /** When its person proved who they are. */
  authenticatedAt: number
}

/** The log, as one question. */
export type Revocations = {
  /** Whether a line of the log names this token. */
  covers(token: Revocable): boolean
  /** Reads what is new in the log. */
  follow(now: number): Promise<void>
  /**
   * Whether what is known here is at most five seconds old. Reads the log when it is older; false when that fails too: then
   * nobody knows who is still welcome, and nothing may be answered but that.
   */
  isCurrent(now: number): boolean | Promise<boolean>
}

/** The longest that a node goes on with what it knows, in milliseconds. */
const STALE_AFTER = 5_000

/** Opens the log. The caller calls `follow` at start and after each change that storage tells of. */
export function createRevocations(storage: Pick<Storage, 'readRevocations'>): Revocations {
  // By kind and subject, the latest moment up to which tokens are refused, and how long the line matters.
  const lines = new Map<string, { notBefore: number; expiresAt: number }>()
  let last = 0
  let readAt = Number.NEGATIVE_INFINITY
  let following: Promise<void> = Promise.resolve()

  const lineOf = (kind: Revocation['kind'], subject: string) => lines.get(`${kind}:${subject}`)
  const isBefore = (moment: number, line: { notBefore: number } | undefined) =>
    line !== undefined && moment <= line.notBefore
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
    readAt = now
  }
  const follow = (now: number) => {
    // One after another, so that a slow read never overtakes a later one.
    following = following.catch(() => undefined).then(() => read(now))
    return following
  }

  return {
    // Never by when a token was issued: a refresh that is under way while its session ends reads the clock later than the
    // line says. Sessions and clients do not come back, so any line about them is enough; a person comes back by proving
    // anew who they are.
    covers: ({ sessionId, userId, clientHash, authenticatedAt }) =>
      lines.size > 0 &&
      (lineOf('session', sessionId) !== undefined ||
        lineOf('client', clientHash) !== undefined ||
        isBefore(authenticatedAt, lineOf('user', userId)) ||
        isBefore(authenticatedAt, lineOf('instance', ''))),
    follow,
    isCurrent(now) {
      // A clock that was set back has not made anything newer.
      if (Math.abs(now - readAt) <= STALE_AFTER) return true
      return follow(now).then(
        () => true,
        () => false,
      )
    },
  }
}
