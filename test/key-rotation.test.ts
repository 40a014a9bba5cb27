/** Keys follow one another while everybody works on: nothing that is alive is lost, and what is compromised is gone at once. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isServiceException } from 'ssooidc'
import {
  compromiseKey,
  duePurposes,
  PUBLISHED_FOR,
  ROTATED_AFTER,
  rotateKeys,
  SIGNING_PUBLISHED_FOR,
} from '../packages/portico/src/core/keys/key-rotation.ts'
import { openKeyring, PURPOSES } from '../packages/portico/src/core/keys/keyring.ts'
import { systemRandom } from '../packages/portico/src/core/keys/random.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { consent, signInDevice, startBrowser, startDevice } from './support/programs.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }

const line = { at: 0, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
const rotate = ({ storage, rootKey, clock }: TestInstance, purposes?: readonly string[]) =>
  rotateKeys({ storage, rootKey, random: systemRandom }, purposes, line, clock.now)

suite('a rotation', () => {
  test('outdates nothing that is alive: registrations, codes, tokens and sessions from before it work after it', async () => {
    const instance = await testInstance()
    const other = await instance.node()
    const before = await signInDevice(instance)
    const waiting = await startDevice(instance)
    const program = await startBrowser(instance)
    const code = await consent(instance, program.url())
    await rotate(instance)
    await other.oidc.createToken(program.exchange(code))
    instance.clock.now += PUBLISHED_FOR
    await instance.deps.tendKeys(instance.clock.now)
    const states = new Set((await instance.storage.listKeys({})).map(({ state }) => state))
    assert.deepEqual(states, new Set(['active', 'verify-only']))
    for (const server of [instance, other]) {
      await server.portal.getRoleCredentials({ accessToken: before.accessToken, ...role })
      assert.ok((await before.refresh(before.refreshToken, before.client, server)).accessToken)
    }
    await instance.browser().decide(waiting.grant.verificationUriComplete, instance.people.bob)
    assert.ok((await waiting.poll()).accessToken)
    const after = await signInDevice(other)
    await instance.portal.listAccounts({ accessToken: after.accessToken })
  })

  test('gives readers of id tokens time to fetch a new key, however long they may keep the old ones, before it signs', async () => {
    const instance = await testInstance()
    const keySet = async () => instance.fetch(new Request(`${instance.origin}/.well-known/jwks.json`))
    const kidsIn = async (response: Response) =>
      ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    const kept = await keySet()
    const maxAge = Number(/max-age=(\d+)/.exec(kept.headers.get('cache-control') ?? '')?.[1])
    const known = await kidsIn(kept)
    await rotate(instance)
    const signer = async () => {
      await instance.deps.tendKeys(instance.clock.now)
      return (await instance.deps.signingKeys.active('RS256', instance.clock.now)).kid
    }
    const start = instance.clock.now
    for (const wait of [PUBLISHED_FOR, maxAge * 1000]) {
      instance.clock.now = start + wait
      assert.ok(known.includes(await signer()), `${wait} ms after the rotation a reader may not know the key yet`)
    }
    instance.clock.now = start + SIGNING_PUBLISHED_FOR
    const next = await signer()
    assert.equal(known.includes(next), false)
    assert.ok((await kidsIn(await keySet())).includes(next))
  })

  test('under load fails no request on any server', async () => {
    const instance = await testInstance()
    const other = await instance.node()
    const { accessToken, refresh, refreshToken, client } = await signInDevice(instance)
    const work = async (server: TestInstance) => {
      await server.portal.getRoleCredentials({ accessToken, ...role })
      await refresh(refreshToken, client, server)
      await startDevice(server)
    }
    for (let round = 0; round < 5; round++) {
      await Promise.all([
        ...Array.from({ length: 20 }, (_, index) => work(index % 2 === 0 ? instance : other)),
        rotate(instance).then(() => instance.deps.tendKeys(instance.clock.now + PUBLISHED_FOR)),
      ])
      instance.clock.now += PUBLISHED_FOR
    }
  })

  test('comes by itself when keys are ninety days old, and what nobody can hold any more retires', async () => {
    const instance = await testInstance()
    const { storage, clock, deps } = instance
    const first = await storage.listKeys({})
    clock.now += ROTATED_AFTER - 1
    await deps.tendKeys(clock.now)
    assert.deepEqual(await storage.listKeys({}), first)
    clock.now += 1
    await deps.tendKeys(clock.now)
    clock.now += PUBLISHED_FOR
    await deps.tendKeys(clock.now)
    clock.now += 14 * HOUR
    await deps.tendKeys(clock.now)
    const stateOf = new Map((await storage.listKeys({})).map(({ kid, state }) => [kid, state]))
    const became = Object.fromEntries(first.map(({ kid, purpose }) => [purpose, stateOf.get(kid)]))
    assert.equal(became['session-token'], 'retired')
    assert.equal(became['refresh-token'], 'verify-only')
    assert.equal(became.totp, 'verify-only')
    assert.equal(became.demo, 'active', 'demo passwords stay what they are')
  })

  test('leaves keys of purposes alone that only a newer version knows', () => {
    const key = { purpose: 'from-a-newer-version', createdAt: 0, state: 'active' } as const
    assert.deepEqual(duePurposes([key, { ...key, purpose: 'client' }], ROTATED_AFTER), ['client'])
  })
})

suite('a compromised key', () => {
  test('is gone at once on every server, with all that was made under it, and nothing else', async () => {
    const instance = await testInstance()
    const other = await instance.node()
    const { accessToken, refresh, refreshToken, client } = await signInDevice(instance)
    const { storage, rootKey, clock } = instance
    const key = (await storage.listKeys({})).find(({ purpose }) => purpose === 'access-token')
    assert.ok(key)
    const keeping = { storage, rootKey, random: systemRandom }
    assert.ok(await compromiseKey(keeping, key.kid, line, clock.now))
    assert.equal(await compromiseKey(keeping, key.kid, line, clock.now), undefined)
    for (const { portal } of [instance, other])
      await assert.rejects(portal.listAccounts({ accessToken }), (e) => isServiceException(e, 'UnauthorizedException'))
    const next = await refresh(refreshToken, client, other)
    await instance.portal.listAccounts({ accessToken: next.accessToken })
  })
})

suite('the keyring', () => {
  test('has an active key for every purpose in every moment of a rotation', async () => {
    const instance = await testInstance()
    await rotate(instance)
    for (const now of [instance.clock.now, instance.clock.now + PUBLISHED_FOR]) {
      const ring = openKeyring(instance.rootKey, await instance.storage.readKeys({}), now)
      for (const purpose of PURPOSES) assert.equal(ring.active(purpose).state, 'active')
    }
  })
})
