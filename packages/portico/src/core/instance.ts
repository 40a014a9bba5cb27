/**
 * Opens an instance over its storage: makes it on the first start, opens its keys, and keeps what is held in memory in step
 * with what is stored, by this process or by another.
 */
import type { Broker } from '../credentials/credentials.ts'
import type { Storage } from '../storage/storage.ts'
import { createAccess } from './access/access.ts'
import { createApplications } from './applications/applications.ts'
import { createIssuerKeys, type FetchDocument } from './applications/issuer-keys.ts'
import { createAuditQueue } from './audit/audit-queue.ts'
import type { Deps, Settings } from './deps.ts'
import { createPollPacing } from './grants/poll-pacing.ts'
import { createWaitingGrants } from './grants/waiting-grants.ts'
import { tendKeys, underRootKey } from './keys/key-rotation.ts'
import { generateKeys, openKeyring, PURPOSES } from './keys/keyring.ts'
import type { Random } from './keys/random.ts'
import { createSealer, type Sealer } from './keys/sealing.ts'
import { createSigningKeys } from './keys/signing-keys.ts'
import { createRateLimits } from './limits/rate-limits.ts'
import { createIntrospections } from './oauth2/introspections.ts'
import { createErrands } from './people/errands.ts'
import type { Mailer } from './people/mail.ts'
import { createRevocations } from './sessions/revocations.ts'
import { createSessionUses } from './sessions/session-uses.ts'

/** What an instance stands on. */
export type Foundation = {
  storage: Storage
  /** The key that wraps the others: 32 bytes that are never in the database. */
  rootKey: Buffer
  /** While the root key is changed: the one before it, which some keys are still wrapped with. */
  previousRootKey?: Buffer | undefined
  random: Random
  settings: Settings
  /** Who sends letters; null where no mail server is configured. */
  mailer?: Mailer | null
  /** Told of what was to be done behind an answer and was not. */
  onErrandFailure?: (error: unknown) => void
  /** How the published keys of other issuers are fetched; none are when it is left out. */
  fetchDocument?: FetchDocument
  /** Sources of role credentials, given what they may seal with. */
  brokers: (sealer: Sealer) => readonly Broker[]
  /** Epoch milliseconds; read when something changes outside of any request. */
  clock: () => number
  /**
   * Waits for so many milliseconds, or rejects once the signal fires: so that what nobody waits for is written together, and
   * nothing waits for what hangs. Left out, nothing does the one, and everything the other.
   */
  pause?: (ms: number, signal?: AbortSignal) => Promise<unknown>
}

/**
 * Everything that use cases are given.
 *
 * @throws when the root key is not the one that this instance's keys were wrapped with
 */
export async function openInstance(foundation: Foundation): Promise<Deps> {
  const { storage, rootKey, previousRootKey, random, settings, clock, pause } = foundation
  const hex = (bytes: number) => random.bytes(bytes).toString('hex')
  const instance =
    (await storage.readInstance({})) ??
    (await storage.initialize({
      instance: { instanceId: `ssoins-${hex(8)}`, identityStoreId: `d-${hex(5)}`, createdAt: clock() },
      keys: generateKeys(rootKey, random, clock()),
    }))
  await addMissingKeys(foundation)
  const read = async () => underRootKey(rootKey, previousRootKey, random, await storage.readKeys({}))
  const signingKeys = createSigningKeys({ storage: { addKey: storage.addKey, readKeys: read }, rootKey, random })
  const readKeys = async () => {
    const keys = await read()
    signingKeys.load(keys, clock())
    return openKeyring(rootKey, keys, clock())
  }
  let keyring = await readKeys()
  const sealer = createSealer(() => keyring, random)
  const revocations = createRevocations(storage)
  const access = createAccess(storage)
  const applications = createApplications(storage, instance, settings.partition)
  const waitingGrants = createWaitingGrants(storage)
  storage.onChange(async (change) => {
    // Whoever denies a client ends what it waits for as well.
    if (change === 'device-grants' || change === 'revocations') waitingGrants.forget()
    if (change === 'directory') {
      access.forget()
      await applications.load()
    }
    if (change === 'revocations') await revocations.follow(clock())
    if (change === 'keys') keyring = await readKeys()
  })
  await revocations.follow(clock())
  await applications.load()
  return {
    storage,
    instance,
    sealer,
    signingKeys,
    tendKeys: (now) => tendKeys({ storage, rootKey, random }, now),
    random,
    settings,
    mailer: foundation.mailer ?? null,
    errands: createErrands(foundation.onErrandFailure ?? (() => {}), pause),
    brokers: new Map(foundation.brokers(sealer).map((broker) => [broker.name, broker])),
    access,
    applications,
    issuerKeys: createIssuerKeys(foundation.fetchDocument ?? fetchNothing),
    revocations,
    pacing: createPollPacing(),
    waitingGrants,
    rateLimits: createRateLimits(),
    auditQueue: createAuditQueue(storage, pause === undefined ? {} : { pause }),
    sessionUses: createSessionUses(storage),
    signInUses: createSessionUses({ noteSessionUses: storage.noteSignInUses }),
    introspections: createIntrospections(),
  }
}

/** Gives a database that an older version made the keys of purposes which that version did not know. */
async function addMissingKeys({ storage, rootKey, random, clock }: Foundation): Promise<void> {
  const known = new Set((await storage.readKeys({})).map(({ purpose }) => purpose))
  const missing = PURPOSES.filter((purpose) => !known.has(purpose))
  // Of two nodes that start at once both may add one. Both keys open, and every node seals with the same of the two.
  for (const key of generateKeys(rootKey, random, clock(), missing)) await storage.addKey({ key })
}

const fetchNothing: FetchDocument = async () => {
  throw new Error('this server was given no way to fetch what other issuers publish')
}
