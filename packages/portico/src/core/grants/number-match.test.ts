import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '../keys/random.ts'
import { drawNumbers, isMatch, offered } from './number-match.ts'

test('a terminal gets one of ninety numbers, and the page two others beside it', () => {
  const firsts = new Set<number>()
  const places = [0, 0, 0]
  for (let draw = 0; draw < 3_000; draw++) {
    const numbers = drawNumbers(systemRandom)
    assert.equal(new Set(numbers).size, 3)
    for (const number of numbers) assert.ok(number >= 10 && number <= 99, `${number}`)
    const [first = 0] = numbers
    firsts.add(first)
    const place = offered(numbers).indexOf(first)
    places[place] = (places[place] ?? 0) + 1
  }
  assert.equal(firsts.size, 90)
  // A thousand each; ten standard deviations are 258.
  for (const times of places) assert.ok(Math.abs(times - 1_000) < 258, `${places}`)
})

test('only the first matches, wherever it stands on the page', () => {
  assert.deepEqual(offered([71, 12, 45]), [12, 45, 71])
  assert.deepEqual(
    [71, 12, 45, 99].map((chosen) => isMatch([71, 12, 45], chosen)),
    [true, false, false, false],
  )
})

test('bytes that would favour some numbers are drawn again', () => {
  const bytes = [255, 180, 90, 0, 0, 1, 91, 89]
  const random = { bytes: (length: number) => Buffer.from(bytes.splice(0, length)) }
  assert.deepEqual(drawNumbers(random), [10, 11, 99])
})
