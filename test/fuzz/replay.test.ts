/** What fuzzing once reached is reached again with every run of the tests: each kept input keeps every promise. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readCorpus } from './corpus.ts'
import { loadTarget, targetNames } from './target.ts'

suite('the promises of a parser hold for every input that was kept for', () => {
  for (const name of targetNames)
    test(name, async () => {
      const target = await loadTarget(name)
      const inputs = [...target.seeds.map((text) => Buffer.from(text, 'latin1')), ...readCorpus(name)]
      assert.ok(inputs.length > target.seeds.length, `npm run test:fuzz -- --target ${name} --keep`)
      for (const input of inputs) await target.check(input)
      await target.end?.()
    })
})
