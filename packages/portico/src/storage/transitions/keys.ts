/** Keys after the first start. What a key may do changes only forward: published, active, verify-only, retired. */

import type { Kysely } from 'kysely'
import type { KeyLives, ListedKey } from '../keys.ts'
import type { Database } from '../schema.ts'
import type { KeyState } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { read, write } from './transition.ts'

export const listKeys = read<'listKeys'>((db) => selectKeys(db))

export const publishKeys = write<'publishKeys', 'keys'>({
  async run(db, { keys, audit }, changed) {
    if (keys.length === 0) return
    await db.insertInto('dataKeys').values(keys).execute()
    await appendAudit(db, audit)
    await announce(db, changed, 'keys')
  },
})

export const advanceKeys = write<'advanceKeys', 'keys'>({
  // Asked every minute, and nearly always there is nothing to do.
  async peek(db, { lives, now }) {
    return movesOf(await selectKeys(db), lives, now).length === 0 ? 0 : undefined
  },
  async run(db, { lives, now, audit }, changed) {
    const moved: { kid: string; purpose: string; state: KeyState }[] = []
    for (const { kid, purpose, from, to } of movesOf(await selectKeys(db), lives, now)) {
      // A key that is followed late, after a machine slept, goes on making things until now: its life ends counted from here.
      const times = from === 'published' ? { activeAt: now } : {}
      const erased = to === 'retired' ? { wrapped: '' } : {}
      const row = await db
        .updateTable('dataKeys')
        .set({ state: to, ...times, ...erased })
        .where('kid', '=', kid)
        .where('state', '=', from)
        .returning('kid')
        .executeTakeFirst()
      if (row !== undefined) moved.push({ kid, purpose, state: to })
    }
    if (moved.length === 0) return 0
    await appendAudit(db, { ...audit, detail: { ...audit.detail, moved } })
    await announce(db, changed, 'keys')
    return moved.length
  },
})

export const compromiseKey = write<'compromiseKey', 'keys'>({
  async run(db, { kid, replacement, audit }, changed) {
    const retired = await db
      .updateTable('dataKeys')
      .set({ state: 'retired', wrapped: '' })
      .where('kid', '=', kid)
      .where('purpose', '=', replacement.purpose)
      .where('state', '!=', 'retired')
      .returning('kid')
      .executeTakeFirst()
    if (retired === undefined) return false
    await db.insertInto('dataKeys').values(replacement).execute()
    await appendAudit(db, audit)
    await announce(db, changed, 'keys')
    return true
  },
})

export const rewrapKeys = write<'rewrapKeys', 'keys'>({
  async run(db, { keys, audit }, changed) {
    let count = 0
    for (const { kid, was, wrapped } of keys) {
      const row = await db
        .updateTable('dataKeys')
        .set({ wrapped })
        .where('kid', '=', kid)
        .where('wrapped', '=', was)
        .returning('kid')
        .executeTakeFirst()
      if (row !== undefined) count += 1
    }
    if (count === 0) return 0
    await appendAudit(db, audit)
    await announce(db, changed, 'keys')
    return count
  },
})

async function selectKeys(db: Kysely<Database>): Promise<ListedKey[]> {
  const rows = await db
    .selectFrom('dataKeys')
    .select(['kid', 'purpose', 'state', 'createdAt', 'activeAt'])
    .orderBy('purpose')
    .orderBy('activeAt', 'desc')
    .orderBy('createdAt', 'desc')
    .orderBy('kid')
    .execute()
  return rows.map((row) => ({ ...row }))
}

type Move = { kid: string; purpose: string; from: KeyState; to: KeyState }

/** Every move that is due. `keys` are the newest first within their purpose. */
function movesOf(keys: readonly ListedKey[], lives: KeyLives, now: number): Move[] {
  return [...Map.groupBy(keys, ({ purpose }) => purpose)].flatMap(([purpose, ring]) => {
    const due = ring.filter(({ state, activeAt }) => state !== 'retired' && state !== 'verify-only' && activeAt <= now)
    const active = due[0]
    return ring.flatMap(({ kid, state: from, activeAt }, index): Move[] => {
      const to = stateOf()
      return to === from ? [] : [{ kid, purpose, from, to }]

      function stateOf(): KeyState {
        if (from === 'retired' || active === undefined || activeAt > now) return from
        if (kid === active.kid) return 'active'
        const follower = ring.slice(0, index).findLast((key) => key.state !== 'retired' && key.activeAt <= now)
        const life = lives[purpose]
        const over = life !== undefined && follower !== undefined && follower.activeAt + life <= now
        return from === 'verify-only' && over ? 'retired' : 'verify-only'
      }
    })
  })
}
