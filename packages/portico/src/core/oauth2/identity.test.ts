import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Amr } from '../../storage/storage.ts'
import { methodReferences } from './identity.ts'

const said: readonly [Amr, readonly string[]][] = [
  [['password'], ['pwd']],
  [
    ['password', 'totp'],
    ['pwd', 'otp', 'mfa'],
  ],
  [
    ['password', 'recovery-code', 'totp'],
    ['pwd', 'otp', 'mfa'],
  ],
  [
    ['password', 'passkey'],
    ['pwd', 'pop', 'mfa'],
  ],
  [['passkey'], ['pop', 'mfa']],
]

for (const [amr, references] of said)
  test(`who proved themselves by ${amr.join(' and ')} did so by ${references.join(', ')}`, () => {
    assert.deepEqual(methodReferences(amr), references)
  })
