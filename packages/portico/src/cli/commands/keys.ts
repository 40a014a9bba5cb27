/** `portico keys`: the keys under the root key, what state each is in, and how one follows another. */
import { compromiseKey, rotateKeys, underRootKey } from '../../core/keys/key-rotation.ts'
import { systemRandom } from '../../core/keys/random.ts'
import type { WrappedKey } from '../../storage/storage.ts'
import { openData } from '../data/open-data.ts'
import { previousRootKeyOf, rootKeyFor } from '../data/root-key.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { commandEvent } from './known-user.ts'
import { table } from './table.ts'

const COMMAND = 'portico keys'

/** Prints every key: never what it holds. */
export async function listKeys(settings: Settings, { json }: { json: boolean }): Promise<void> {
  await using data = await openData(settings, { create: false })
  const keys = (await data.storage.listKeys({})).map(({ kid, purpose, state, createdAt, activeAt }) => ({
    ...{ kid, purpose, state },
    createdAt: new Date(createdAt).toISOString(),
    activeAt: new Date(activeAt).toISOString(),
  }))
  if (json) return console.log(JSON.stringify(keys))
  const rows = keys.map(({ kid, purpose, state, activeAt }) => [kid, purpose, state, activeAt])
  console.log(table([['KEY', 'PURPOSE', 'STATE', 'ACTIVE FROM'], ...rows]))
}

/** Publishes a successor for every key, or for those of one purpose. A running server begins to use them by itself. */
export async function rotate(settings: Settings, purpose: string | undefined): Promise<void> {
  await using opened = await openKeys(settings)
  const { keys, storage, rootKey, now } = opened
  if (purpose !== undefined && !keys.some((key) => key.purpose === purpose))
    throw new Failure('error', `There is no key for ${purpose}. \`portico keys list\` shows those that there are.`)
  const audit = commandEvent(COMMAND, 'RotateKeys', null, {}, now)
  const purposes = purpose === undefined ? undefined : [purpose]
  const added = await rotateKeys({ storage, rootKey, random: systemRandom }, purposes, audit, now)
  const many = added.length === 1 ? 'One key is' : `${added.length} keys are`
  const waits = [...new Set(added.map(({ activeAt }) => (activeAt - now) / 1000))].sort((a, b) => a - b)
  const when = `in use from ${waits.join(' or, if it signs, ')} seconds on`
  console.log(`${many} published, and ${when}. What earlier keys made stays good.`)
}

/** Takes a key out that somebody else may have: everything made under it stops within 250 ms. */
export async function compromised(settings: Settings, kid: string): Promise<void> {
  await using opened = await openKeys(settings)
  const { storage, rootKey, now } = opened
  const audit = commandEvent(COMMAND, 'CompromisedKey', null, { kid }, now)
  const replacement = await compromiseKey({ storage, rootKey, random: systemRandom }, kid, audit, now)
  if (replacement === undefined)
    throw new Failure('error', `There is no key ${kid} that still does anything. \`portico keys list\` shows them.`)
  console.log(`${kid} is retired, with all that was made under it. ${replacement.kid} is in its place.`)
}

/** Wraps every key with the root key that still has the one before it. Afterwards that is not needed any more. */
export async function rewrap(settings: Settings): Promise<void> {
  await using opened = await openKeys(settings)
  const { stored, keys, storage, now } = opened
  const was = new Map(stored.map(({ kid, wrapped }) => [kid, wrapped]))
  const changed = keys.flatMap(({ kid, wrapped }) => {
    const before = was.get(kid)
    return before === undefined || before === wrapped ? [] : [{ kid, was: before, wrapped }]
  })
  const audit = commandEvent(COMMAND, 'RewrapKeys', null, { kids: changed.map(({ kid }) => kid) }, now)
  const count = await storage.rewrapKeys({ keys: changed, audit })
  if (count < changed.length) throw new Failure('error', 'Keys changed meanwhile. Run it once more.')
  console.log(
    count === 0
      ? 'Every key is under this root key already.'
      : `${count} keys are under the new root key. The one before it is not needed any more.`,
  )
}

/** The keys as stored, and as they are under the root key. */
async function openKeys(settings: Settings) {
  const data = await openData(settings, { create: false })
  try {
    const { storage } = data
    const { key: rootKey } = rootKeyFor(settings, true)
    const stored = await storage.readKeys({})
    const keys = open(rootKey, previousRootKeyOf(settings), stored)
    const now = Date.now()
    return { storage, rootKey, stored, keys, now, [Symbol.asyncDispose]: () => data[Symbol.asyncDispose]() }
  } catch (error) {
    await data[Symbol.asyncDispose]()
    throw error
  }
}

// Whether or not there is another, the root key must be the right one, before anything is wrapped with it.
function open(rootKey: Buffer, previous: Buffer | undefined, keys: readonly WrappedKey[]): readonly WrappedKey[] {
  try {
    return underRootKey(rootKey, previous ?? rootKey, systemRandom, keys)
  } catch (error) {
    throw new Failure('data', error instanceof Error ? error.message : String(error), { cause: error })
  }
}
