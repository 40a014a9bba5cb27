/** The fuzzer finds what there is to find: bugs were planted where only a search that is led gets to. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { fuzz } from './engine/fuzz.ts'
import { growing, overwork } from './engine/growth.ts'
import { mutate } from './engine/mutate.ts'
import { dice } from './engine/random.ts'
import { shorten } from './engine/shorten.ts'

const NOTHING_KNOWN = { seeds: [Buffer.from('a seed')], words: [], longest: 64, files: ['planted.ts'] }

suite('the fuzzer', () => {
  // Before the other: what V8 counts, it does slowly.
  test('notices work that grows faster than its input, and none that does not', async () => {
    const { quadratic } = await import('./planted.ts')
    const grown = growing(Buffer.from(' '), dice(1))
    assert.match((await overwork(grown, quadratic)) ?? '', /^64 kB took \d+ ms of processor time/)
    assert.equal(await overwork(growing(Buffer.from('a'), dice(1)), quadratic), undefined)
  })

  test('gets through conditions that stand one behind the other, and shortens what it found', async () => {
    const { findings, corpus, blocks } = await fuzz({
      seconds: 60,
      seed: 1,
      enough: 1,
      leads: (url) => url.endsWith('planted.ts'),
      load: async () => ({ ...NOTHING_KNOWN, check: (await import('./planted.ts')).nested }),
    })
    assert.match(findings[0]?.message ?? '', /^Error: planted: the word was said\n\s+at .*nested/)
    assert.equal(findings[0]?.input.toString('latin1'), 'Fuzz')
    // One for each condition, and none that fails.
    assert.ok(corpus.length >= 1 && corpus.length <= 4)
    assert.ok(blocks.covered > 0 && blocks.covered < blocks.all)
  })

  test('does the same for the same seed', () => {
    const made = (seed: number) => {
      const random = dice(seed)
      const material = { dice: random, words: [Buffer.from('word')], others: [Buffer.from('another')], longest: 100 }
      return Array.from({ length: 100 }, () => mutate(Buffer.from('an input'), material).toString('latin1'))
    }
    assert.deepEqual(made(7), made(7))
    assert.notDeepEqual(made(7), made(8))
    assert.ok(made(7).every((text) => text.length <= 100))
  })

  test('leaves of an input only what is needed', async () => {
    const stays = async (shorter: Buffer) => shorter.includes('a') && shorter.includes('b')
    assert.equal((await shorten(Buffer.from('xxaxxxxxxxbxx'), stays)).toString(), 'ab')
  })
})
