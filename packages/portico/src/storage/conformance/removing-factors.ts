import assert from 'node:assert/strict'
import type { Amr, FactorRemoval, Storage } from '../storage.ts'
import type { Check, CheckHandles } from './conformance.ts'
import { aPasskey, aTotp } from './factors.ts'
import {
  aCode,
  aGrant,
  apply,
  aSignIn,
  auditLine,
  auditNames,
  exchange,
  hour,
  newSession,
  now,
  redemption,
  userNamed,
} from './records.ts'

const audit = auditLine('RemoveFactor')
const removal = (userId: string, changes: Partial<FactorRemoval> = {}): FactorRemoval => ({
  ...{ userId, keep: 'nothing', spare: null, revokedUntil: now + hour, now, audit },
  ...changes,
})

async function people(storage: Storage): Promise<{ alice: string; bob: string }> {
  await apply(storage)
  return { alice: (await userNamed(storage, 'alice')).id, bob: (await userNamed(storage, 'bob')).id }
}

/** A passkey and an app, and a recovery code for when both are lost. */
async function withBoth(storage: Storage, userId: string): Promise<void> {
  await storage.addPasskey({ passkey: aPasskey({ userId }), first: false, audit })
  await storage.setTotp({ ...removal(userId), totp: aTotp, first: false })
  await storage.replaceRecoveryCodes({ userId, macs: ['a'], now, audit })
}

/** Something of everything that can be open, each proved like this. */
async function openAll(storage: Storage, name: string, userId: string, amr: Amr): Promise<void> {
  await storage.beginApplicationSession({
    session: newSession({ id: `session of ${name}` }),
    owner: { userId, authenticatedAt: now, amr, clientHash: 'client-1', clientName: 'cli', scopes: [] },
    assertion: null,
    audit,
  })
  await storage.beginSignIn({ session: aSignIn({ id: `browser of ${name}`, userId, amr }), audit })
  const id = `grant of ${name}`
  await storage.startDeviceGrant({ grant: aGrant({ id, userCodeMac: id }), now })
  await storage.decideDeviceGrant({
    ...{ id, decision: 'approve', userId, authenticatedAt: now, amr, proximity: 'same', now },
    audit,
  })
  await storage.issueAuthorizationCode({ code: aCode({ id: `code of ${name}`, userId, amr }), audit })
}

/** What is still open of it. */
async function leftOf(storage: Storage, name: string): Promise<string[]> {
  const session = await storage.findSession({ id: `session of ${name}` })
  const browser = await storage.findSignIn({ id: `browser of ${name}`, now })
  const grant = await storage.redeemDeviceGrant(
    redemption({ id: `grant of ${name}`, session: newSession({ id: `of grant ${name}` }) }),
  )
  const code = await storage.redeemAuthorizationCode(
    exchange({ id: `code of ${name}`, session: newSession({ id: `of code ${name}` }) }),
  )
  return [
    ...(session?.endedAt === null ? ['session'] : []),
    ...(browser === undefined ? [] : ['browser']),
    ...(grant.outcome === 'redeemed' ? ['grant'] : []),
    ...(code.outcome === 'redeemed' ? ['code'] : []),
  ]
}

const all = ['session', 'browser', 'grant', 'code']

/** What goes with a factor, and what does not. */
export function factorRemovals(check: Check): void {
  check('a factor that is removed takes with it what it had let in, but for the browser that asks', async (storage) => {
    const { alice, bob } = await people(storage)
    await withBoth(storage, alice)
    await openAll(storage, 'app', alice, ['password', 'totp'])
    await openAll(storage, 'both', alice, ['password', 'totp', 'passkey'])
    await openAll(storage, 'key', alice, ['passkey'])
    await openAll(storage, 'password', alice, ['password'])
    await openAll(storage, 'bob', bob, ['password', 'totp'])
    assert.equal(await storage.removeTotp(removal(alice, { spare: 'browser of both' })), 'removed')
    assert.deepEqual(await leftOf(storage, 'app'), [])
    assert.deepEqual(await leftOf(storage, 'both'), ['browser'])
    for (const name of ['key', 'password', 'bob']) assert.deepEqual(await leftOf(storage, name), all, name)
    const revoked = await storage.readRevocations({ after: 0, now })
    assert.deepEqual(revoked.map(({ kind, subject }) => `${kind} ${subject}`).sort(), [
      'session browser of app',
      'session session of app',
      'session session of both',
    ])
    assert.equal((await storage.findSession({ id: 'session of app' }))?.endReason, 'credential-change')
    assert.equal(await storage.removePasskey({ ...removal(alice), id: 'passkey-1' }), 'removed')
    assert.deepEqual((await leftOf(storage, 'password')).slice(0, 2), ['session', 'browser'])
    assert.equal(await storage.findSignIn({ id: 'browser of key', now }), undefined)
  })

  check('an app that takes the place of another takes with it what that one had let in', async (storage) => {
    const { alice } = await people(storage)
    await openAll(storage, 'before', alice, ['password', 'totp'])
    assert.equal(await storage.setTotp({ ...removal(alice), totp: aTotp, first: true }), true)
    assert.notEqual(await storage.findSignIn({ id: 'browser of before', now }), undefined, 'there was none to replace')
    const other = { ...aTotp, secret: 'other' }
    assert.equal(await storage.setTotp({ ...removal(alice), totp: other, first: false }), true)
    assert.deepEqual(await leftOf(storage, 'before'), [])
  })

  check('recovery codes go with the last factor, and no sooner', async (storage) => {
    const { alice } = await people(storage)
    await withBoth(storage, alice)
    const left = async () => (await storage.readFactors({ userId: alice })).recoveryCodes
    await storage.removePasskey({ ...removal(alice), id: 'passkey-1' })
    assert.equal(await left(), 1)
    await storage.removeTotp(removal(alice))
    assert.equal(await left(), 0)
    assert.deepEqual((await auditNames(storage)).slice(-2), ['RemoveFactor', 'VoidRecoveryCodes'])
  })

  check('what must be left is left, and then nothing else changes either', async (storage) => {
    const { alice } = await people(storage)
    await withBoth(storage, alice)
    const before = await storage.readFactors({ userId: alice })
    const lines = (await auditNames(storage)).length
    const passkey = (keep: FactorRemoval['keep']) =>
      storage.removePasskey({ ...removal(alice, { keep }), id: 'passkey-1' })
    assert.equal(await passkey('passkey'), 'last')
    assert.deepEqual(await storage.readFactors({ userId: alice }), before)
    assert.equal((await auditNames(storage)).length, lines)
    assert.equal(await passkey('factor'), 'removed')
    assert.equal(await passkey('factor'), 'unknown')
    assert.equal(await storage.removeTotp(removal(alice, { keep: 'factor' })), 'last')
    assert.equal(await storage.removeTotp(removal(alice)), 'removed')
    assert.equal(await storage.removeTotp(removal(alice, { keep: 'factor' })), 'unknown')
  })

  check('a first factor is refused where there is one', async (storage) => {
    const { alice, bob } = await people(storage)
    const passkey = (id: string, userId: string) =>
      storage.addPasskey({ passkey: aPasskey({ id, userId }), first: true, audit })
    assert.equal(await passkey('passkey-1', alice), true)
    assert.equal(await passkey('passkey-2', alice), false)
    assert.equal(await storage.setTotp({ ...removal(alice), totp: aTotp, first: true }), false)
    assert.equal(await passkey('passkey-3', bob), true)
    const { passkeys, totp } = await storage.readFactors({ userId: alice })
    assert.deepEqual([passkeys.length, totp], [1, null])
  })
}

/** Who wins when somebody changes their factors in two places. */
export function factorContention(check: CheckHandles): void {
  check('of first factors set up at the same moment one is there, of whatever kind', async (...handles) => {
    const { alice } = await people(handles[0])
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const storage = handles[index % handles.length] ?? handles[0]
        const passkey = aPasskey({ userId: alice, id: `passkey-${index}` })
        return index % 2 === 0
          ? storage.addPasskey({ passkey, first: true, audit })
          : storage.setTotp({ ...removal(alice), totp: aTotp, first: true })
      }),
    )
    assert.equal(outcomes.filter(Boolean).length, 1)
    const { passkeys, totp } = await handles[0].readFactors({ userId: alice })
    assert.equal(passkeys.length + (totp === null ? 0 : 1), 1)
  })

  check('of the last two factors removed at the same moment one is left', async (...handles) => {
    const { alice } = await people(handles[0])
    for (let round = 0; round < 5; round += 1) {
      await handles[0].addPasskey({ passkey: aPasskey({ userId: alice }), first: false, audit })
      await handles[0].setTotp({ ...removal(alice), totp: aTotp, first: false })
      const kept = removal(alice, { keep: 'factor' })
      const outcomes = await Promise.all([
        handles[0].removePasskey({ ...kept, id: 'passkey-1' }),
        (handles[1] ?? handles[0]).removeTotp(kept),
      ])
      assert.deepEqual(outcomes.sort(), ['last', 'removed'])
    }
  })
}
