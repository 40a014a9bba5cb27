import assert from 'node:assert/strict'
import type { Passkey, PersonLink, Storage, Totp } from '../storage.ts'
import type { Check, CheckHandles } from './conformance.ts'
import {
  anOrganization,
  apply,
  aSignIn,
  aUser,
  auditLine,
  auditNames,
  hour,
  minute,
  now,
  openSession,
  userNamed,
} from './records.ts'

export const aPasskey = (changes: Partial<Passkey> & { userId: string }): Passkey => ({
  id: 'passkey-1',
  name: 'Laptop',
  publicKey: 'cose-key',
  counter: 0,
  transports: ['internal', 'hybrid'],
  synced: true,
  createdAt: now,
  lastUsedAt: null,
  ...changes,
})

export const aTotp: Totp = { secret: 'sealed', lastStep: 100, createdAt: now, lastUsedAt: null }

export const aLink = (changes: Partial<PersonLink> & { userId: string }): PersonLink => ({
  hash: 'link-1',
  purpose: 'invitation',
  createdAt: now,
  expiresAt: now + hour,
  ...changes,
})

const none = { passkeys: [], totp: null, recoveryCodes: 0, resetAt: null, requiredByGroup: false }
const audit = auditLine('Change')
const removal = { keep: 'nothing', spare: null, revokedUntil: now + hour, now, audit } as const

async function idOf(storage: Storage, userName: string): Promise<string> {
  return (await userNamed(storage, userName)).id
}

/** What a person can prove themselves with beside a password. */
export function factors(check: Check): void {
  check('a person has no factors until they add some, and each sees their own', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    assert.deepEqual(await storage.readFactors({ userId }), none)
    const second = aPasskey({ userId, id: 'passkey-2', name: 'Key', transports: [], synced: false, createdAt: now + 1 })
    assert.equal(await storage.addPasskey({ passkey: second, first: false, audit }), true)
    assert.equal(await storage.addPasskey({ passkey: aPasskey({ userId }), first: false, audit }), true)
    await storage.setTotp({ ...removal, userId, totp: aTotp, first: false })
    await storage.replaceRecoveryCodes({ userId, macs: ['a', 'b', 'c'], now, audit })
    assert.deepEqual(await storage.readFactors({ userId }), {
      ...none,
      passkeys: [aPasskey({ userId }), second],
      totp: aTotp,
      recoveryCodes: 3,
    })
    assert.deepEqual(await storage.readFactors({ userId: await idOf(storage, 'bob') }), none)
  })

  check('a group asks its members for a second factor, and nobody else', async (storage) => {
    const [builders, readers] = anOrganization.groups
    assert.ok(builders && readers)
    await apply(storage, { ...anOrganization, groups: [{ ...builders, requireSecondFactor: true }, readers] })
    assert.equal((await storage.readFactors({ userId: await idOf(storage, 'alice') })).requiredByGroup, true)
    assert.equal((await storage.readFactors({ userId: await idOf(storage, 'bob') })).requiredByGroup, false)
    await apply(storage)
    assert.equal((await storage.readFactors({ userId: await idOf(storage, 'alice') })).requiredByGroup, false)
  })

  check('an id of a passkey belongs to one person', async (storage) => {
    await apply(storage)
    const [alice, bob] = [await idOf(storage, 'alice'), await idOf(storage, 'bob')]
    await storage.addPasskey({ passkey: aPasskey({ userId: alice }), first: false, audit })
    assert.equal(await storage.addPasskey({ passkey: aPasskey({ userId: bob }), first: false, audit }), false)
    assert.equal((await storage.findPasskey({ id: 'passkey-1' }))?.userId, alice)
    assert.equal(await storage.findPasskey({ id: 'passkey-2' }), undefined)
  })

  check("a passkey's counter only moves on; one that counts nothing always says 0", async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    await storage.addPasskey({ passkey: aPasskey({ userId }), first: false, audit })
    const use = (counter: number) => storage.usePasskey({ id: 'passkey-1', counter, synced: false, now: now + counter })
    const outcomes: boolean[] = []
    for (const counter of [0, 0, 3, 3, 2, 0, 4]) outcomes.push(await use(counter))
    assert.deepEqual(outcomes, [true, true, true, false, false, false, true])
    const passkey = await storage.findPasskey({ id: 'passkey-1' })
    assert.deepEqual(passkey, aPasskey({ userId, counter: 4, synced: false, lastUsedAt: now + 4 }))
    assert.equal(await storage.usePasskey({ id: 'passkey-2', counter: 1, synced: false, now }), false)
  })

  check('only its owner renames or removes a passkey', async (storage) => {
    await apply(storage)
    const [alice, bob] = [await idOf(storage, 'alice'), await idOf(storage, 'bob')]
    await storage.addPasskey({ passkey: aPasskey({ userId: alice }), first: false, audit })
    const change = { id: 'passkey-1', audit: auditLine('ChangePasskey') }
    assert.equal(await storage.renamePasskey({ ...change, userId: bob, name: 'Mine' }), false)
    assert.equal(await storage.removePasskey({ ...removal, ...change, userId: bob }), 'unknown')
    assert.equal(await storage.renamePasskey({ ...change, userId: alice, name: 'Phone' }), true)
    assert.equal((await storage.findPasskey({ id: 'passkey-1' }))?.name, 'Phone')
    assert.equal(await storage.removePasskey({ ...removal, ...change, userId: alice }), 'removed')
    assert.equal(await storage.removePasskey({ ...removal, ...change, userId: alice }), 'unknown')
    assert.deepEqual((await auditNames(storage)).slice(-2), ['ChangePasskey', 'ChangePasskey'])
  })

  check('a step of one-time codes is used once, and no earlier one after it', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    assert.equal(await storage.useTotp({ userId, step: 101, now }), false, 'no app')
    await storage.setTotp({ ...removal, userId, totp: aTotp, first: false })
    const outcomes: boolean[] = []
    for (const step of [100, 99, 102, 101, 102, 103]) outcomes.push(await storage.useTotp({ userId, step, now }))
    assert.deepEqual(outcomes, [false, false, true, false, false, true])
    assert.equal((await storage.readFactors({ userId })).totp?.lastUsedAt, now)
    await storage.setTotp({ ...removal, userId, totp: { ...aTotp, secret: 'other' }, first: false })
    assert.deepEqual((await storage.readFactors({ userId })).totp, { ...aTotp, secret: 'other' })
    assert.equal(await storage.removeTotp({ ...removal, userId }), 'removed')
    assert.equal(await storage.removeTotp({ ...removal, userId }), 'unknown')
  })

  check('a recovery code works once, for its person, until there are new ones', async (storage) => {
    await apply(storage)
    const [alice, bob] = [await idOf(storage, 'alice'), await idOf(storage, 'bob')]
    await storage.replaceRecoveryCodes({ userId: alice, macs: ['a', 'b', 'c'], now, audit })
    const use = (userId: string, ...macs: string[]) => storage.useRecoveryCode({ userId, macs, audit })
    assert.equal(await use(bob, 'a'), false)
    assert.equal(await use(alice, 'older key', 'a'), true)
    assert.equal(await use(alice, 'older key', 'a'), false)
    await storage.replaceRecoveryCodes({ userId: alice, macs: ['d'], now, audit })
    assert.equal(await use(alice, 'b'), false)
    assert.equal((await storage.readFactors({ userId: alice })).recoveryCodes, 1)
  })

  check('a reset takes every factor and every session, and says so until it has been seen', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    await storage.addPasskey({ passkey: aPasskey({ userId }), first: false, audit })
    await storage.setTotp({ ...removal, userId, totp: aTotp, first: false })
    await storage.replaceRecoveryCodes({ userId, macs: ['a'], now, audit })
    await openSession(storage, {}, userId)
    await storage.beginSignIn({ session: aSignIn({ userId }), audit: auditLine('SignIn') })
    const reset = { userId, revokedUntil: now + hour, now, audit: auditLine('ResetFactors') }
    assert.equal(await storage.resetFactors(reset), true)
    assert.deepEqual(await storage.readFactors({ userId }), { ...none, resetAt: now })
    assert.equal((await storage.findSession({ id: 'session-1' }))?.endReason, 'credential-change')
    assert.deepEqual(await storage.listSignIns({ userId, now }), [])
    assert.equal((await storage.readRevocations({ after: 0, now }))[0]?.subject, userId)
    assert.equal(await storage.resetFactors({ ...reset, now: now + 1 }), true)
    assert.equal((await storage.readFactors({ userId })).resetAt, now + 1)
    await storage.acknowledgeFactorReset({ userId })
    assert.deepEqual(await storage.readFactors({ userId }), none)
    assert.equal(await storage.resetFactors({ ...reset, userId: 'nobody' }), false)
  })

  check('an administrator who has only a passkey is an administrator, and nobody takes their name', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    assert.equal(await storage.hasAdministrator({}), false)
    await storage.addPasskey({ passkey: aPasskey({ userId }), first: false, audit })
    assert.equal(await storage.hasAdministrator({}), true)
    await storage.createSetupLink({ hash: 'link-1', expiresAt: now + hour, now, audit: auditLine('CreateSetupLink') })
    const taking = { hash: 'link-1', user: aUser({ userName: 'ALICE' }), now, audit: auditLine('SetUp') }
    assert.equal(await storage.redeemSetupLink(taking), undefined)
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-1', now }), true)
  })
}

/** Links by which one person chooses a password or a passkey. */
export function personLinks(check: Check): void {
  const use = (changes: Partial<Parameters<Storage['redeemPersonLink']>[0]> = {}) => ({
    hash: 'link-1',
    chosen: { passwordHash: '$argon2id$new', passkey: null },
    ...{ revokedUntil: now + hour, now, audit: auditLine('RedeemLink') },
    ...changes,
  })

  check('a link sets a password, once, and ends what was open', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    await openSession(storage, {}, userId)
    const link = aLink({ userId, purpose: 'reset' })
    await storage.createPersonLink({ link, audit: auditLine('CreateLink') })
    assert.deepEqual(await storage.findPersonLink({ hash: 'link-1', now }), link)
    const user = await storage.redeemPersonLink(use())
    assert.equal(user?.passwordHash, '$argon2id$new')
    assert.deepEqual(await userNamed(storage, 'alice'), user)
    assert.equal((await storage.findSession({ id: 'session-1' }))?.endReason, 'credential-change')
    assert.equal(await storage.findPersonLink({ hash: 'link-1', now }), undefined)
    const again = use({ chosen: { passwordHash: '$argon2id$again', passkey: null } })
    assert.equal(await storage.redeemPersonLink(again), undefined)
    assert.equal((await userNamed(storage, 'alice')).passwordHash, '$argon2id$new')
    assert.deepEqual((await auditNames(storage)).slice(-2), ['CreateLink', 'RedeemLink'])
  })

  check('a browser whose sign-in has ended changes nothing about how its person signs in', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    await storage.beginSignIn({ session: aSignIn({ userId }), audit })
    const signInId = aSignIn().id
    const change = { userName: 'alice', endSessions: false, revokedUntil: now, now, audit, signInId }
    const allAtOnce = async (passwordHash: string) => [
      await storage.addPasskey({ passkey: aPasskey({ userId, id: passwordHash }), first: false, signInId, audit }),
      await storage.setTotp({
        ...removal,
        userId,
        totp: { ...aTotp, secret: passwordHash },
        first: false,
        spare: signInId,
      }),
      await storage.replaceRecoveryCodes({ userId, macs: [passwordHash, 'another'], signInId, now, audit }),
      await storage.setPassword({ ...change, passwordHash }),
    ]
    const stored = async () => [await storage.readFactors({ userId }), (await userNamed(storage, 'alice')).passwordHash]
    assert.deepEqual(await allAtOnce('while it lasts'), [true, true, true, true])
    const before = await stored()
    await storage.endSignIn({ id: signInId, revokedUntil: null, now, audit })
    assert.deepEqual(await allAtOnce('too late'), [false, false, false, false])
    assert.deepEqual(await stored(), before)
  })

  check('a link may bring a passkey in place of a password', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'bob')
    await storage.createPersonLink({ link: aLink({ userId }), audit })
    const user = await storage.redeemPersonLink(use({ chosen: { passwordHash: null, passkey: aPasskey({ userId }) } }))
    assert.equal(user?.passwordHash, null)
    assert.deepEqual((await storage.readFactors({ userId })).passkeys, [aPasskey({ userId })])
  })

  check('a link brings no passkey where there is a factor by then, and stays good for a password', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'bob')
    await storage.setTotp({ ...removal, userId, totp: aTotp, first: true })
    await storage.createPersonLink({ link: aLink({ userId }), audit })
    const chosen = { passwordHash: null, passkey: aPasskey({ userId }) }
    assert.equal(await storage.redeemPersonLink(use({ chosen })), undefined)
    assert.deepEqual((await storage.readFactors({ userId })).passkeys, [])
    assert.equal((await storage.redeemPersonLink(use()))?.id, userId)
  })

  check('a late link, and one that never was, change nothing', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    await storage.createPersonLink({ link: aLink({ userId }), audit })
    assert.equal(await storage.redeemPersonLink(use({ hash: 'link-2' })), undefined)
    assert.equal(await storage.redeemPersonLink(use({ now: now + hour })), undefined)
    assert.equal(await storage.findPersonLink({ hash: 'link-1', now: now + hour }), undefined)
    assert.equal((await userNamed(storage, 'alice')).passwordHash, null)
    assert.ok(await storage.redeemPersonLink(use({ now: now + hour - 1 })))
  })

  const voidings: readonly [string, (storage: Storage, userId: string) => Promise<unknown>][] = [
    [
      'disabled, and enabled again',
      async (storage) => {
        const input = { userName: 'alice', revokedUntil: now + hour, now, audit }
        await storage.setUserEnabled({ ...input, enabled: false })
        await storage.setUserEnabled({ ...input, enabled: true })
      },
    ],
    [
      'deprived of their factors',
      (storage, userId) => storage.resetFactors({ userId, revokedUntil: now + hour, now, audit }),
    ],
    [
      'given another password',
      (storage) =>
        storage.setPassword({
          ...{ userName: 'alice', passwordHash: '$argon2id$', endSessions: true, revokedUntil: now + hour, now, audit },
        }),
    ],
    ['deleted', (storage) => storage.deleteUser({ userName: 'alice', revokedUntil: now + hour, now, audit })],
  ]
  for (const [what, change] of voidings)
    check(
      `no unused link is good any more once its person was ${what}, and nobody else's is concerned`,
      async (storage) => {
        await apply(storage)
        const [alice, bob] = [await idOf(storage, 'alice'), await idOf(storage, 'bob')]
        await storage.createPersonLink({ link: aLink({ userId: alice, purpose: 'reset' }), audit })
        await storage.createPersonLink({ link: aLink({ userId: bob, hash: 'link-2' }), audit })
        await change(storage, alice)
        assert.equal(await storage.findPersonLink({ hash: 'link-1', now }), undefined)
        assert.equal(await storage.redeemPersonLink(use()), undefined)
        assert.ok(await storage.findPersonLink({ hash: 'link-2', now }))
      },
    )

  check('nobody who is disabled gets a link', async (storage) => {
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    await storage.setUserEnabled({ userName: 'alice', enabled: false, revokedUntil: now + hour, now, audit })
    assert.equal(await storage.createPersonLink({ link: aLink({ userId }), audit: auditLine('CreateLink') }), false)
    assert.equal(await storage.createPersonLink({ link: aLink({ userId: 'nobody' }), audit }), false)
    assert.ok(!(await auditNames(storage)).includes('CreateLink'))
  })

  check("a newer link voids the person's earlier ones, and nobody else's", async (storage) => {
    await apply(storage)
    const [alice, bob] = [await idOf(storage, 'alice'), await idOf(storage, 'bob')]
    await storage.createPersonLink({ link: aLink({ userId: alice }), audit })
    await storage.createPersonLink({ link: aLink({ userId: bob, hash: 'link-2' }), audit })
    await storage.createPersonLink({ link: aLink({ userId: alice, hash: 'link-3' }), audit })
    const found: boolean[] = []
    for (const hash of ['link-1', 'link-2', 'link-3'])
      found.push((await storage.findPersonLink({ hash, now })) !== undefined)
    assert.deepEqual(found, [false, true, true])
  })
}

/** Who wins when somebody uses a link while an administrator takes them out, or what they have. */
export function linkContention(check: CheckHandles): void {
  const ending = { revokedUntil: now + hour, now, audit }

  check(
    'a link that is used while its person is disabled comes first or gets nothing, and opens nothing later',
    async (...handles) => {
      const [storage, other] = handles
      await apply(storage)
      const userId = await idOf(storage, 'alice')
      let passwordHash: string | null = null
      for (let round = 0; round < 10; round++) {
        const hash = `link-${round}`
        await storage.createPersonLink({ link: aLink({ userId, hash }), audit })
        const use = { hash, chosen: { passwordHash: `$argon2id$${round}`, passkey: null }, ...ending }
        const [used] = await Promise.all([
          storage.redeemPersonLink(use),
          other.setUserEnabled({ userName: 'alice', enabled: false, shutOut: true, ...ending }),
        ])
        passwordHash = used?.passwordHash ?? passwordHash
        const alice = await userNamed(storage, 'alice')
        assert.deepEqual([alice.enabled, alice.passwordHash], [false, passwordHash])
        await storage.setUserEnabled({ userName: 'alice', enabled: true, ...ending })
        assert.equal(await storage.findPersonLink({ hash, now }), undefined)
        assert.equal(await storage.redeemPersonLink(use), undefined)
      }
    },
  )

  check('a link that is made while its person is disabled opens nothing later', async (...handles) => {
    const [storage, other] = handles
    await apply(storage)
    const userId = await idOf(storage, 'alice')
    for (let round = 0; round < 10; round++) {
      const hash = `link-${round}`
      await Promise.all([
        storage.createPersonLink({ link: aLink({ userId, hash }), audit }),
        other.setUserEnabled({ userName: 'alice', enabled: false, shutOut: true, ...ending }),
      ])
      await storage.setUserEnabled({ userName: 'alice', enabled: true, ...ending })
      assert.equal(await storage.findPersonLink({ hash, now }), undefined)
    }
  })

  check(
    'a passkey that a link brings while factors are reset is taken away as well, or never comes',
    async (...handles) => {
      const [storage, other] = handles
      await apply(storage)
      const userId = await idOf(storage, 'alice')
      for (let round = 0; round < 10; round++) {
        const hash = `link-${round}`
        await storage.createPersonLink({ link: aLink({ userId, hash }), audit })
        const passkey = aPasskey({ userId, id: `passkey-${round}` })
        await Promise.all([
          storage.redeemPersonLink({ hash, chosen: { passwordHash: null, passkey }, ...ending }),
          other.resetFactors({ userId, ...ending }),
        ])
        assert.deepEqual((await storage.readFactors({ userId })).passkeys, [])
        assert.equal(await storage.findPersonLink({ hash, now }), undefined)
      }
    },
  )
}

/** What the account page lists beside sessions. */
export function uses(check: Check): void {
  check('the browsers of a user are listed while they are signed in, newest first', async (storage) => {
    await apply(storage)
    const [alice, bob] = [await idOf(storage, 'alice'), await idOf(storage, 'bob')]
    const first = aSignIn({ id: 'first', userId: alice })
    const second = aSignIn({ id: 'second', userId: alice, createdAt: now + 1, amr: ['password', 'passkey'] })
    const short = aSignIn({ id: 'short', userId: alice, expiresAt: now + minute })
    for (const session of [first, second, short, aSignIn({ id: 'of bob', userId: bob })])
      await storage.beginSignIn({ session, audit: auditLine('SignIn') })
    assert.deepEqual(await storage.listSignIns({ userId: alice, now: now + minute }), [second, first])
  })

  check('the last use of a session is the latest that was noted, and nothing of what has ended', async (storage) => {
    const session = await openSession(storage)
    await openSession(storage, { id: 'ended' })
    const ending = { reason: 'logout', revokedUntil: now + hour, now, audit: auditLine('Logout') } as const
    await storage.endSession({ id: 'ended', ...ending })
    const later = now + minute
    await storage.noteSessionUses({
      uses: [
        { id: 'session-1', at: later },
        { id: 'session-1', at: later - 1 },
        { id: 'ended', at: later },
        { id: 'never was', at: later },
      ],
    })
    assert.deepEqual(await storage.findSession({ id: 'session-1' }), { ...session, lastUsedAt: later })
    assert.equal((await storage.findSession({ id: 'ended' }))?.lastUsedAt, now)
  })
}
