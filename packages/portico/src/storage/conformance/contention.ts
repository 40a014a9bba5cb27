import assert from 'node:assert/strict'
import type { Redemption, Storage } from '../storage.ts'
import type { CheckHandles } from './conformance.ts'
import { aLink, aPasskey, aTotp } from './factors.ts'
import {
  aCode,
  aGrant,
  aGuess,
  aKey,
  anInstance,
  anOrganization,
  apply,
  approve,
  aUser,
  auditLine,
  auditNames,
  coalesce,
  exchange,
  hour,
  minute,
  newSession,
  now,
  openSession,
  redemption,
  refresh,
  userNamed,
} from './records.ts'

/** Who wins when callers meet: really at once, on one handle or spread over two. */
export function contention(check: CheckHandles): void {
  /** Runs `action` many times at once, taking turns with the handles. */
  const atOnce = <Result>(
    handles: readonly Storage[],
    count: number,
    action: (storage: Storage, index: number) => Promise<Result>,
  ): Promise<Result[]> => Promise.all(Array.from({ length: count }, (_, index) => action(pick(handles, index), index)))

  check('a device code is redeemed once, however many poll at the same moment', async (...handles) => {
    await approve(handles[0], aGrant())
    const redemptions = await atOnce(handles, 50, (storage, index) =>
      storage.redeemDeviceGrant(redemption({ session: newSession({ id: `session-${index}` }) })),
    )
    const redeemed = redemptions.filter(isRedeemed)
    assert.equal(redeemed.length, 50)
    assert.equal(redeemed.filter(({ again }) => !again).length, 1)
    assert.equal(new Set(redeemed.map(({ session }) => session.id)).size, 1)
    assert.equal((await handles[0].listSessions({ userId: 'user-1', now })).length, 1)
    assert.deepEqual(await auditNames(handles[0]), ['ApproveDevice', 'RedeemDeviceCode'])
  })

  check('a session rotates once, however many refresh at the same moment', async (...handles) => {
    await openSession(handles[0])
    const rotations = await atOnce(handles, 64, (storage) => storage.rotateSession(refresh({ now: now + coalesce })))
    assert.equal(rotations.filter(({ outcome }) => outcome === 'rotated').length, 1)
    assert.equal(rotations.filter(({ outcome }) => outcome === 'reissued').length, 63)
    for (const rotation of rotations) if (rotation.outcome === 'reissued') assert.equal(rotation.session.generation, 1)
    assert.equal((await handles[0].findSession({ id: 'session-1' }))?.generation, 1)
  })

  check('of approvals and denials at the same moment one stands', async (...handles) => {
    await handles[0].startDeviceGrant({ grant: aGrant(), now })
    const decisions = await atOnce(handles, 20, (storage, index) =>
      storage.decideDeviceGrant({
        ...{ id: 'grant-1', decision: index % 2 === 0 ? 'approve' : 'deny', userId: `user-${index}` },
        ...{ authenticatedAt: now, amr: ['password'] as const, proximity: 'same', now },
        audit: auditLine('DecideDevice'),
      }),
    )
    assert.equal(decisions.filter(Boolean).length, 1)
    const grant = await handles[1].findDeviceGrant({ id: 'grant-1' })
    assert.equal(grant?.userId, `user-${decisions.indexOf(true)}`)
    assert.deepEqual(await auditNames(handles[0]), ['DecideDevice'])
  })

  check('a user code goes to one of those who draw it at the same moment', async (...handles) => {
    const started = await atOnce(handles, 20, (storage, index) =>
      storage.startDeviceGrant({ grant: aGrant({ id: `grant-${index}` }), now }),
    )
    assert.equal(started.filter(Boolean).length, 1)
    const guess = await handles[0].guessUserCode(aGuess('mac-1'))
    assert.equal(guess.outcome === 'hit' && guess.grant.id, `grant-${started.indexOf(true)}`)
  })

  check('no more guesses at a user code are looked at than the limit says', async (...handles) => {
    await handles[0].startDeviceGrant({ grant: aGrant(), now })
    const guesses = await atOnce(handles, 40, (storage, index) => storage.guessUserCode(aGuess(`wrong-${index}`)))
    assert.equal(guesses.filter(({ outcome }) => outcome === 'miss').length, 5)
    assert.deepEqual(await handles[0].guessUserCode(aGuess('mac-1')), { outcome: 'too-many' })
  })

  check('no more attempts pass at the same moment than the limit says', async (...handles) => {
    const attempt = { buckets: [{ bucket: 'user-1', limit: 5 }], window: minute, now }
    const counted = await atOnce(handles, 40, (storage) => storage.countAttempt(attempt))
    assert.equal(counted.filter(Boolean).length, 5)
  })

  check('of several first starts at the same moment one stands, with its keys', async (...handles) => {
    const instances = await atOnce(handles, 10, (storage, index) =>
      storage.initialize({
        instance: { ...anInstance, instanceId: `ssoins-${index}` },
        keys: [aKey({ kid: `kid-${index}` })],
      }),
    )
    const [first] = instances
    assert.ok(first)
    for (const instance of instances) assert.deepEqual(instance, first)
    const keys = await handles[0].readKeys({})
    assert.deepEqual(
      keys.map(({ kid }) => kid),
      [first.instanceId.replace('ssoins', 'kid')],
    )
  })

  check('a code makes one session, however often the same request is sent at the same moment', async (...handles) => {
    await handles[0].issueAuthorizationCode({ code: aCode(), audit: auditLine('Consent') })
    const redemptions = await atOnce(handles, 20, (storage, index) =>
      storage.redeemAuthorizationCode(exchange({ session: newSession({ id: `session-${index}` }) })),
    )
    const redeemed = redemptions.filter(isRedeemed)
    assert.equal(redeemed.length, 20)
    assert.equal(redeemed.filter(({ again }) => !again).length, 1)
    assert.equal(new Set(redeemed.map(({ session }) => session.id)).size, 1)
  })

  check('two different requests with one code leave no session alive', async (...handles) => {
    await handles[0].issueAuthorizationCode({ code: aCode(), audit: auditLine('Consent') })
    const redemptions = await atOnce(handles, 10, (storage, index) =>
      storage.redeemAuthorizationCode(
        exchange({ requestHash: `request-${index}`, session: newSession({ id: `session-${index}` }) }),
      ),
    )
    assert.equal(redemptions.filter(isRedeemed).length, 1)
    assert.equal(redemptions.filter(({ outcome }) => outcome === 'reused').length, 9)
    assert.deepEqual(await handles[0].listSessions({ userId: 'user-1', now }), [])
    assert.equal((await handles[0].readRevocations({ after: 0, now })).length, 1)
  })

  check('a set-up link makes one administrator', async (...handles) => {
    await handles[0].createSetupLink({
      hash: 'link-1',
      expiresAt: now + hour,
      now,
      audit: auditLine('CreateSetupLink'),
    })
    const users = await atOnce(handles, 10, (storage, index) =>
      storage.redeemSetupLink({
        ...{ hash: 'link-1', now, audit: auditLine('SetUp') },
        user: aUser({ id: `user-${index}`, userName: `admin-${index}` }),
      }),
    )
    assert.equal(users.filter((user) => user !== undefined).length, 1)
    assert.equal((await handles[0].readOrganization({})).users.length, 1)
  })

  check(
    'what works once works once: a code of a step, a recovery code, a count of a key, a link',
    async (...handles) => {
      await apply(handles[0])
      const { id: userId } = await userNamed(handles[0], 'alice')
      const audit = auditLine('Change')
      await handles[0].setTotp({ userId, totp: aTotp, first: true, spare: null, revokedUntil: now, now, audit })
      await handles[0].replaceRecoveryCodes({ userId, macs: ['a'], now, audit })
      await handles[0].addPasskey({ passkey: aPasskey({ userId }), first: false, audit })
      await handles[0].createPersonLink({ link: aLink({ userId }), audit })
      const chosen = { passwordHash: '$argon2id$', passkey: null }
      const link = { hash: 'link-1', chosen, revokedUntil: now + hour, now, audit }
      const tries: ((storage: Storage) => Promise<unknown>)[] = [
        (storage) => storage.useTotp({ userId, step: aTotp.lastStep + 1, now }),
        (storage) => storage.useRecoveryCode({ userId, macs: ['a'], audit }),
        (storage) => storage.usePasskey({ id: 'passkey-1', counter: 1, synced: false, now }),
        async (storage) => (await storage.redeemPersonLink(link)) !== undefined,
      ]
      for (const attempt of tries) {
        const outcomes = await atOnce(handles, 10, attempt)
        assert.equal(outcomes.filter((worked) => worked === true).length, 1)
      }
    },
  )

  check('one organization applied by several at the same moment is applied once', async (...handles) => {
    await atOnce(handles, 6, (storage) => apply(storage))
    const { users, assignments } = await handles[0].readOrganization({})
    assert.equal(users.length, anOrganization.users.length)
    assert.equal(assignments.length, anOrganization.assignments.length)
    assert.deepEqual(await auditNames(handles[0]), ['ApplyOrganization'])
  })

  check(
    'whoever is redeeming while a user is signed out everywhere is signed out, or gets nothing',
    async (...handles) => {
      for (let index = 0; index < 12; index += 1) {
        await approve(handles[0], aGrant({ id: `grant-${index}`, userCodeMac: `mac-${index}` }))
      }
      const audit = auditLine('EndSessionsOfUser')
      const ending = { userId: 'user-1', reason: 'administrator', revokedUntil: now + hour, now, audit } as const
      await atOnce(handles, 13, async (storage, index) => {
        if (index === 6) await storage.endSessionsOfUser(ending)
        else {
          const [id, session] = [`grant-${index % 12}`, newSession({ id: `session-${index}` })]
          await storage.redeemDeviceGrant(redemption({ id, session }))
        }
      })
      assert.deepEqual(await handles[0].listSessions({ userId: 'user-1', now }), [])
    },
  )

  check('who reads revocations as they come misses none', async (...handles) => {
    const ids = Array.from({ length: 40 }, (_, index) => `session-${index}`)
    for (const id of ids) await openSession(handles[0], { id })
    const seen: number[] = []
    let done = false
    const tail = async () => {
      const revocations = await handles[1].readRevocations({ after: seen.at(-1) ?? 0, now })
      seen.push(...revocations.map(({ seq }) => seq))
    }
    const reader = (async () => {
      while (!done) {
        await tail()
        await new Promise(setImmediate)
      }
    })()
    const ending = { reason: 'logout', revokedUntil: now + hour, now, audit: auditLine('Logout') } as const
    await atOnce(handles, ids.length, (storage, index) => storage.endSession({ id: pick(ids, index), ...ending }))
    done = true
    await reader
    await tail()
    assert.deepEqual(
      seen,
      ids.map((_, index) => index + 1),
    )
  })

  check('a write that fails leaves nothing behind, and those of the same moment stand', async (...handles) => {
    const nobody = { account: '333333333333', permissionSet: 'Admin', user: 'alice', group: null }
    const broken = { ...anOrganization, assignments: [...anOrganization.assignments, nobody] }
    const writes = await atOnce(handles, 12, async (storage, index) => {
      const fails = index % 3 === 1
      const write = fails ? apply(storage, broken) : storage.recordAudit({ events: [auditLine(`Line${index}`)] })
      return [
        fails,
        await write.then(
          () => false,
          (error: unknown) => /333333333333/.test(String(error)),
        ),
      ]
    })
    for (const [fails, failed] of writes) assert.equal(failed, fails)
    assert.deepEqual((await auditNames(handles[0])).toSorted(), [
      'Line0',
      'Line11',
      'Line2',
      'Line3',
      'Line5',
      'Line6',
      'Line8',
      'Line9',
    ])
    assert.deepEqual((await handles[0].readOrganization({})).users, [])
  })
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}

const isRedeemed = <Outcome extends { outcome: string }>(
  outcome: Outcome,
): outcome is Extract<Outcome, Extract<Redemption, { outcome: 'redeemed' }>> => outcome.outcome === 'redeemed'
