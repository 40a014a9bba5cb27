/** `portico session`: who is signed in with which program, and the end of it. */
import { clientHash } from '../../core/clients/client-registration.ts'
import { REVOCATION_LIFE } from '../../core/sessions/tokens.ts'
import type { Session, Storage } from '../../storage/storage.ts'
import { openData } from '../data/open-data.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { commandEvent, knownUser } from './known-user.ts'
import { table } from './table.ts'

const COMMAND = 'portico session'
const MOST = 10_000

/** Whose sessions: those of a user, of a client, or both. */
export type Whose = { user: string | undefined; client: string | undefined }

/** Prints living sessions, newest first. */
export async function listSessions(settings: Settings, whose: Whose, { json }: { json: boolean }): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { storage } = data
  const sessions = await storage.findSessions({
    userId: whose.user === undefined ? null : (await knownUser(storage, whose.user)).id,
    clientHash: whose.client === undefined ? null : clientHashOf(whose.client),
    now: Date.now(),
    limit: MOST,
  })
  const names = await namesOf(storage, sessions)
  const listed = sessions.map((session) => describe(session, names.get(session.userId)))
  if (json) return console.log(JSON.stringify(listed))
  if (listed.length === 0) return console.log('No session is alive.')
  const head = ['SESSION', 'USER', 'PROGRAM', 'FROM', 'LAST USED', 'ENDS']
  const rows = listed.map((one) => [
    ...[one.sessionId, one.userName ?? one.userId, one.clientName, one.address],
    ...[one.lastUsedAt, one.expiresAt],
  ])
  console.log(table([head, ...rows]))
  if (listed.length === MOST) console.log(`These are the newest ${MOST}; there may be more.`)
}

/** What to end: exactly one of these. */
export type What = Whose & { session: string | undefined; all: boolean }

/**
 * Ends one session, all of a user, all of a client, or everything. A running server refuses their tokens within 250 ms.
 *
 * @throws Failure unless exactly one of them is said, or when there is no such session
 */
export async function endSessions(settings: Settings, what: What, { json }: { json: boolean }): Promise<void> {
  const said = [what.session, what.user, what.client, what.all || undefined].filter((one) => one !== undefined)
  if (said.length !== 1)
    throw new Failure('usage', 'Say what to end: one session by its id, or --user, or --client, or --all.')
  await using data = await openData(settings, { create: false })
  const ended = await end(data.storage, what, Date.now())
  if (json) return console.log(JSON.stringify({ ended }))
  console.log(ended === 1 ? 'One session has ended.' : `${ended} sessions have ended.`)
}

async function end(storage: Storage, { session, user, client }: What, now: number): Promise<number> {
  const ending = { reason: 'administrator', revokedUntil: now + REVOCATION_LIFE, now } as const
  if (session !== undefined) {
    const audit = commandEvent(COMMAND, 'EndSession', null, { sessionId: session, reason: ending.reason }, now)
    if (await storage.endSession({ id: session, ...ending, audit })) return 1
    throw new Failure('error', `No session ${session} is alive. \`portico session list\` shows those that are.`)
  }
  if (user !== undefined) {
    const { id: userId } = await knownUser(storage, user)
    const audit = commandEvent(COMMAND, 'EndSessionsOfUser', userId, { reason: ending.reason }, now)
    return storage.endSessionsOfUser({ userId, ...ending, audit })
  }
  if (client !== undefined) {
    const hash = clientHashOf(client)
    const audit = commandEvent(COMMAND, 'EndSessionsOfClient', null, { clientHash: hash }, now)
    return storage.endSessionsOfClient({ clientHash: hash, ...ending, audit })
  }
  return storage.endAllSessions({ ...ending, audit: commandEvent(COMMAND, 'EndAllSessions', null, {}, now) })
}

/**
 * What sessions remember of a client: the hash of its id. Takes the id itself, or the hash as `session list --json` shows it.
 *
 * @throws Failure when it is neither
 */
export function clientHashOf(client: string): string {
  if (client.startsWith('ptc_ci_')) return clientHash(client)
  if (/^[\w-]{43}$/.test(client)) return client
  throw new Failure(
    'usage',
    `${client} is no client. Give a client id (ptc_ci_…), or clientHash of \`session list --json\`.`,
  )
}

/** A session as it is printed. Times are ISO 8601. */
function describe(session: Session, userName: string | undefined) {
  const { id, userId, clientName, clientHash, flow, address, userAgent, amr } = session
  const iso = (moment: number) => new Date(moment).toISOString()
  return {
    ...{ sessionId: id, userId, userName, clientName, clientHash, flow, address, userAgent, amr },
    createdAt: iso(session.createdAt),
    lastUsedAt: iso(Math.max(session.lastUsedAt, session.rotatedAt)),
    expiresAt: iso(session.expiresAt),
  }
}

async function namesOf(storage: Storage, sessions: readonly Session[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const id of new Set(sessions.map(({ userId }) => userId))) {
    const user = await storage.findUser({ id })
    if (user !== undefined) names.set(id, user.userName)
  }
  return names
}
