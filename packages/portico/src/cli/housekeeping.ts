/** What a running server does between requests: it deletes what nobody can use any more, and takes new settings over. */
import { LONGEST_ROLE_CREDENTIALS_LIFE } from '../core/access/session-token.ts'
import type { Deps } from '../core/deps.ts'
import { DEFAULT_SESSION_DURATION, DEFAULT_SIGN_IN_IDLE_DURATION } from '../core/organization/organization-file.ts'
import type { Logger } from '../server/environment.ts'
import type { DeviceFlow } from '../storage/storage.ts'

const MINUTE = 60_000
/** Rows of each kind in one pass: a pass is one transaction, and others wait for it. */
const AT_ONCE = 500
/** How long what has expired stays, for whoever looks into what happened. */
const KEPT = 60 * MINUTE
/** How long a session stays: by it, whoever ends its client ends role credentials that were given through it. */
const SESSIONS_KEPT = LONGEST_ROLE_CREDENTIALS_LIFE

/** Begins. Returns how to stop, which waits for what is under way. */
export function keepHouse(deps: Deps, logger: Logger, clock: () => number): () => Promise<void> {
  let pass: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    const now = clock()
    pass = Promise.all([
      sweepAll(deps, now),
      deps.revocations.follow(now), // also forgets lines that no longer matter
      deps.tendKeys(now),
      deps.sessionUses.flush(),
      deps.signInUses.flush(),
      sealAudit(deps),
    ]).catch((error: unknown) => logger.error({ err: error }, 'housekeeping failed; it is tried again in a minute'))
  }, MINUTE)
  return async () => {
    clearInterval(timer)
    await pass
  }
}

/** A few rows in each transaction, until none is left: else a busy instance, or a stranger, makes more than one pass takes. */
export async function sweepAll({ storage }: Pick<Deps, 'storage'>, now: number): Promise<void> {
  const expired = { before: now - KEPT, sessionsBefore: now - SESSIONS_KEPT, limit: AT_ONCE }
  while ((await storage.sweep(expired)) >= AT_ONCE);
}

/** A few lines in each transaction, until none is left. */
async function sealAudit({ storage }: Deps): Promise<void> {
  while ((await storage.sealAudit({ limit: AT_ONCE })) === AT_ONCE);
}

/** Takes the settings of the stored organization over, now and whenever it changes. Returns how to stop. */
export async function followOrganization({ storage, settings }: Deps): Promise<() => void> {
  const follow = async () => {
    const stored = (await storage.readOrganization({})).settings
    const { sessionDuration, sessionIdleDuration, signInIdleDuration, requireSecondFactor, deviceFlow } = stored
    // What is stored was checked when the organization file was read.
    settings.sessionDuration =
      (sessionDuration === undefined ? DEFAULT_SESSION_DURATION : Number(sessionDuration)) * 1000
    settings.sessionIdleDuration = sessionIdleDuration === undefined ? null : Number(sessionIdleDuration) * 1000
    settings.signInIdleDuration =
      (signInIdleDuration === undefined ? DEFAULT_SIGN_IN_IDLE_DURATION : Number(signInIdleDuration)) * 1000
    settings.deviceFlow = (deviceFlow as DeviceFlow | undefined) ?? 'step-up' // the schema lists them
    settings.requireSecondFactor = requireSecondFactor === true
  }
  const stop = storage.onChange((change) => (change === 'directory' ? follow() : undefined))
  await follow()
  return stop
}
