import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { duration, plain, table } from './terminal.ts'

describe('what others say', () => {
  test('stands on one line, and steers no terminal', () => {
    assert.equal(plain('gone\u001b[2J\r\nover \u202ethere\u0007'), 'gone [2J over  there')
    assert.equal(plain('Zoë’s Ünït – 12 %'), 'Zoë’s Ünït – 12 %')
  })

  test('moves no column of a table', () => {
    const rows = [
      ['A', 'B'],
      ['x\u001b[1A', 'y\nz'],
    ]
    assert.equal(table(rows), 'A      B\nx [1A  y z')
  })
})

describe('a time', () => {
  const table: [ms: number, said: string][] = [
    [-5, '0 s'],
    [42_000, '42 s'],
    [540_000, '9 min'],
    [7 * 3_600_000, '7 h'],
    [7 * 3_600_000 + 300_000, '7 h 5 min'],
    [3 * 86_400_000, '3 days'],
  ]
  for (const [ms, said] of table) test(`of ${ms} ms is ${said}`, () => assert.equal(duration(ms), said))
})
