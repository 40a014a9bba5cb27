/** `portico audit`: who did what, from where, for which program; and whether the log is still what it was. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AuditFilter, type AuditLine, CHAIN_START, followChain } from '../../storage/audit-log.ts'
import type { Storage } from '../../storage/storage.ts'
import { openData } from '../data/open-data.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { knownUser } from './known-user.ts'
import { harmless } from './table.ts'

const AT_ONCE = 1_000
/** How often `--follow` looks, in milliseconds. */
const LOOK = 500

/** Which lines, as they are asked for. Times are ISO 8601. */
export type Asked = {
  event: string | undefined
  user: string | undefined
  since: string | undefined
  until: string | undefined
  /** How many of the newest; all when undefined. */
  last: string | undefined
  follow: boolean
}

/** Prints lines, oldest first: for people, or as one JSON event a line. With `follow`, goes on until it is interrupted. */
export async function printAudit(settings: Settings, asked: Asked, { json }: { json: boolean }): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { storage } = data
  const filter = await filterOf(storage, asked)
  const show = await printer(storage, json)
  let after = 0
  if (asked.last !== undefined) {
    const lines = await storage.lastAudit({ limit: countOf(asked.last), filter })
    for (const line of lines) await show(line)
    after = lines.at(-1)?.id ?? (await storage.lastAudit({ limit: 1, filter: noFilter }))[0]?.id ?? 0
    if (!asked.follow) return
  }
  let stop = false
  process.once('SIGINT', () => {
    stop = true
  })
  while (!stop) {
    const lines = await storage.listAudit({ after, limit: AT_ONCE, filter })
    for (const line of lines) await show(line)
    after = lines.at(-1)?.id ?? after
    if (lines.length === AT_ONCE) continue
    if (!asked.follow) return
    await sleep(LOOK)
  }
}

/**
 * Follows the chain from its beginning to its end.
 *
 * @throws Failure that names the first line that was changed or is missing
 */
export async function verifyAudit(settings: Settings, { json }: { json: boolean }): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { storage } = data
  // Counted first: what is sealed meanwhile is not missed at the end.
  const { sealed, unsealed } = await storage.countAudit({})
  let place = { seq: 0, hash: CHAIN_START }
  for (;;) {
    const lines = await storage.readAuditChain({ after: place.seq, limit: AT_ONCE })
    const next = followChain(place, lines)
    if ('fault' in next) throw broken(next.brokenAt, next.fault)
    place = next
    if (lines.length < AT_ONCE) break
  }
  if (place.seq < sealed) throw broken(place.seq + 1, 'missing')
  if (json) return console.log(JSON.stringify({ lines: place.seq, hash: place.hash, unsealed }))
  console.log(
    `${place.seq} lines, none changed and none missing; ${unsealed} too new to be sealed. The last hash is\n${place.hash}\nKeep it elsewhere: whoever has it can tell whether anything before it changes.`,
  )
}

function broken(seq: number, fault: 'missing' | 'changed'): Failure {
  const what = fault === 'missing' ? 'is missing' : 'was changed, or the one before it was'
  return new Failure('data', `Line ${seq} of the audit log ${what}. Compare it with an export from before.`)
}

const noFilter: AuditFilter = { eventName: null, userId: null, from: null, to: null }

async function filterOf(storage: Storage, { event, user, since, until }: Asked): Promise<AuditFilter> {
  // Lines of people who are gone are asked for by their id.
  const isId = user !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(user)
  const userId = user === undefined ? null : isId ? user : (await knownUser(storage, user)).id
  return { eventName: event ?? null, userId, from: momentOf(since), to: momentOf(until) }
}

function momentOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const moment = Date.parse(text)
  if (Number.isNaN(moment)) throw new Failure('usage', `${text} is no time. Write one such as 2026-11-24T09:00:00Z.`)
  return moment
}

function countOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Failure('usage', `--last takes a number from 1 to 999999, not ${text}.`)
  return Number(text)
}

async function printer(storage: Storage, json: boolean): Promise<(line: AuditLine) => Promise<void>> {
  const names = new Map<string, string | undefined>()
  const nameOf = async (id: string | null) => {
    if (id === null) return undefined
    if (!names.has(id)) names.set(id, (await storage.findUser({ id }))?.userName)
    return names.get(id)
  }
  return async (line) => {
    const userName = await nameOf(line.userId)
    if (json) return console.log(JSON.stringify(eventOf(line, userName)))
    const who = userName ?? line.userId ?? '-'
    const detail = Object.keys(line.detail).length === 0 ? '' : JSON.stringify(line.detail)
    const words = [new Date(line.at).toISOString(), line.eventName, who, line.address ?? line.userAgent ?? '-', detail]
    console.log(harmless(words.join('  ').trimEnd()))
  }
}

/**
 * A line in the shape of a CloudTrail record, so that what reads those reads it.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
function eventOf(line: AuditLine, userName: string | undefined) {
  return {
    eventTime: new Date(line.at).toISOString(),
    eventSource: 'portico',
    eventName: line.eventName,
    eventID: String(line.id),
    userIdentity: { type: line.userId === null ? 'Unknown' : 'IdentityCenterUser', userId: line.userId, userName },
    sourceIPAddress: line.address,
    userAgent: line.userAgent,
    requestParameters: line.detail,
    sequence: line.seq,
    hash: line.hash,
  }
}
