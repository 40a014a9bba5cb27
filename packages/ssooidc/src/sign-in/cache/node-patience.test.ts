import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { patiently } from './node-patience.ts'

/** Work that is refused so often with a code, and the number of times that it was tried. */
async function tried(platform: string, code: string, refusals: number) {
  let tries = 0
  const work = async () => {
    if (tries++ < refusals) throw Object.assign(new Error(code), { code })
    return 'done'
  }
  const result = await patiently(work, platform, { sleep: async () => {} }).catch((thrown) => thrown.code)
  return { result, tries }
}

describe('a file that another program has open', () => {
  for (const code of ['EPERM', 'EACCES', 'EBUSY'])
    test(`is tried again on Windows, which says ${code}`, async () => {
      assert.deepEqual(await tried('win32', code, 3), { result: 'done', tries: 4 })
    })

  test('is given up after twenty times', async () => {
    assert.deepEqual(await tried('win32', 'EPERM', 100), { result: 'EPERM', tries: 20 })
  })

  test('is not what a full disk says, nor what the same words mean elsewhere', async () => {
    assert.deepEqual(await tried('win32', 'ENOSPC', 1), { result: 'ENOSPC', tries: 1 })
    assert.deepEqual(await tried('linux', 'EACCES', 1), { result: 'EACCES', tries: 1 })
  })
})
