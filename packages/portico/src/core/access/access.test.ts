import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entitlement, User } from '../../storage/storage.ts'
import { createAccess } from './access.ts'

const now = Date.UTC(2026, 10, 24)

/** A directory of one person that counts how often it is asked. */
function directory() {
  const state = { asked: 0, user: { id: 'u', enabled: true } as User | undefined, fail: false } // no other member is read
  const access = createAccess({
    async findUser({ id }) {
      state.asked++
      if (state.fail) throw new Error('no database')
      return id === 'u' ? state.user : undefined
    },
    readEntitlements: async (): Promise<readonly Entitlement[]> => [],
    readGroupsOf: async () => [],
  })
  return { access, state }
}

test('a person is asked for once a minute, however many ask at once', async () => {
  const { access, state } = directory()
  await Promise.all(Array.from({ length: 20 }, () => access.of('u', now)))
  await access.of('u', now + 59_999)
  assert.equal(state.asked, 1)
  await access.of('u', now + 60_000)
  assert.equal(state.asked, 2)
})

test('a change of the directory is seen with the next question', async () => {
  const { access, state } = directory()
  assert.equal((await access.of('u', now))?.user.enabled, true)
  state.user = undefined
  access.forget()
  assert.equal(await access.of('u', now), undefined)
})

test('nobody is remembered to be unknown, and no failure is repeated from memory', async () => {
  const { access, state } = directory()
  await access.of('nobody', now)
  await access.of('nobody', now)
  assert.equal(state.asked, 2)
  state.fail = true
  await assert.rejects(access.of('u', now), /no database/)
  state.fail = false
  assert.equal((await access.of('u', now))?.user.id, 'u')
})

test('nobody is remembered to be disabled: whoever is enabled is let in by the next question', async () => {
  const { access, state } = directory()
  state.user = { id: 'u', enabled: false } as User // no other member is read
  assert.equal((await access.of('u', now))?.user.enabled, false)
  state.user = { ...state.user, enabled: true }
  assert.equal((await access.of('u', now))?.user.enabled, true)
})

test('a clock that is set back does not make a copy live for ever', async () => {
  const { access, state } = directory()
  await access.of('u', now)
  await access.of('u', now - 3_600_000)
  assert.equal(state.asked, 2)
})
