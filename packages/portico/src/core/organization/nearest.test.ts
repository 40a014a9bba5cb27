import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from './nearest.ts'

const names = ['users', 'groups', 'userName', 'displayName', 'port']

for (const [typed, meant] of [
  ['user', 'users'],
  ['USERNAME', 'userName'],
  ['dispalyName', 'displayName'],
  ['prot', 'port'],
  ['username', 'userName'],
  ['frobnicate', undefined],
  ['', undefined],
  ['x', undefined],
] as const) {
  test(`\`${typed}\` was meant to be ${meant ?? 'nothing that is known'}`, () => {
    assert.equal(nearest(typed, names), meant)
  })
}
