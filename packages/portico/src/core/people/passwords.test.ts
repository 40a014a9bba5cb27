import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { workOf } from '../../../../../test/support/work.ts'
import { checkNewPassword, createPasswords, hashPassword, TooBusyError, verifyPassword } from './passwords.ts'

describe('a password', () => {
  it('is kept as argon2id with 19 MiB, two passes, one lane and a salt of its own', async () => {
    const [a, b] = await Promise.all([hashPassword('winter tulip engine'), hashPassword('winter tulip engine')])
    assert.match(a, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.notEqual(a, b)
  })

  it('is known again, and nothing else is', async () => {
    const stored = await hashPassword('winter tulip engine')
    assert.equal(await verifyPassword(stored, 'winter tulip engine'), true)
    for (const wrong of [
      '',
      'winter tulip engin',
      'winter tulip engine ',
      'Winter tulip engine',
      'winter tulip engine\0',
    ]) {
      assert.equal(await verifyPassword(stored, wrong), false, JSON.stringify(wrong))
    }
  })

  it('is the same however a keyboard composes its letters or how wide it makes them', async () => {
    const stored = await hashPassword('blåbærsyltetøy på brød')
    assert.equal(await verifyPassword(stored, 'blåbærsyltetøy på brød'.normalize('NFD')), true)
    assert.equal(await verifyPassword(await hashPassword('ｗｉｎｔｅｒ tulip engine'), 'winter tulip engine'), true)
  })

  it('is never right for a user without one', async () => {
    for (const guess of ['', 'winter tulip engine', '\0'.repeat(32)])
      assert.equal(await verifyPassword(null, guess), false)
  })

  it('that is far too long is wrong, without being hashed', async () => {
    const stored = await hashPassword('x'.repeat(300))
    assert.equal(await verifyPassword(stored, 'x'.repeat(300)), false)
  })

  it('costs the same work whether or not the user exists', async () => {
    const stored = await hashPassword('winter tulip engine')
    const known: number[] = []
    const unknown: number[] = []
    for (let i = 0; i < 15; i++) {
      known.push(await workOf(() => verifyPassword(stored, 'wrong')))
      unknown.push(await workOf(() => verifyPassword(null, 'wrong')))
    }
    // The least of many is what the work itself takes. Without the work it would be a hundredth, not a half.
    assert.ok(Math.min(...unknown) > Math.min(...known) / 2)
  })
})

describe('many passwords at once', () => {
  it('wait their turn, and are told to come back when too many wait', async () => {
    const { verifyPassword } = createPasswords({ inFlight: 2, waiting: 3 })
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => verifyPassword(null, 'guess')))
    assert.deepEqual(
      all.map(({ status }) => status),
      [...Array(5).fill('fulfilled'), ...Array(3).fill('rejected')],
    )
    for (const one of all) if (one.status === 'rejected') assert.ok(one.reason instanceof TooBusyError)
    assert.equal(await verifyPassword(null, 'later'), false)
  })

  it('are not held up by one that fails', async () => {
    const { hashPassword, verifyPassword } = createPasswords({ inFlight: 1, waiting: 2 })
    const [broken, fine] = await Promise.allSettled([
      verifyPassword('not a hash', 'x'),
      hashPassword('winter tulip engine'),
    ])
    assert.equal(broken.status, 'rejected')
    assert.equal(fine.status, 'fulfilled')
  })
})

describe('a new password', () => {
  for (const password of [
    'winter tulip engine',
    'nur kleine buchstaben',
    'blåbærsyltetøy på brød',
    '私のパスワードはとても長いです',
    'x7$kQ!mv02_PzLw',
    'alice likes her three green boats',
    'a long password about portico gardens',
    `${'tulip engine '.repeat(2)}${'abcdefg '.repeat(2)}`,
  ]) {
    it(`may be "${password}"`, () => assert.equal(checkNewPassword(password, { userName: 'alice' }), undefined))
  }

  for (const [why, password, says] of [
    ['is empty', '', /at least 15/],
    ['has 14 characters', 'x7$kQ!mv02_PzL', /at least 15/],
    ['has 14 characters that take 28 units', 'aB😀cD🚀eF🌊gH🎈iJ', /at least 15/],
    ['has 257 characters', 'winter tulip engine '.repeat(13), /at most 256/],
    ['says one thing twice', 'passwordpassword', /guessed first/],
    ['says one thing again and again', 'Abc1!Abc1!Abc1!Ab', /guessed first/],
    ['is one character', '!'.repeat(20), /guessed first/],
    ['walks along the keys', 'qwertyuiopasdfgh', /guessed first/],
    ['counts', '1234567890123456', /guessed first/],
    ['is on every list', 'Correct Horse Battery Staple', /guessed first/],
    ['is the user name and digits', 'alice@2026alice', /user name/],
    ['is the user name in other letters', 'ALICE-alice-Alice-1', /user name/],
    ['is the name of the service and digits', 'portico-2026-portico', /name of this service/],
    ['is the word password and digits', 'Password2026!!!!', /word "password"/],
  ] as const) {
    it(`may not be one that ${why}`, () =>
      assert.match(checkNewPassword(password, { userName: 'alice' }) ?? 'fine', says))
  }
})
