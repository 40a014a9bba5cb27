/** Inputs whose work once grew faster than they did. What they were made of stands here; the rest is repetition. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { overwork } from './engine/growth.ts'
import { loadTarget } from './target.ts'

/** What is read, the target that reads it, and a beginning, a piece that comes again and again, and an end. */
const cases = [
  ['a start URL of slashes', 'return-paths', 'https://sso.example.com', '/', 'x'],
  ['an answer that begins a title over and over', 'client-answers', 'CreateToken\n502\n\n\n<', '<title', ''],
  ['a line of blanks after a key', 'ini', '[default]\na', ' ', 'b'],
  ['a line of blanks in a section that is changed', 'config-texts', '[profile dev]\na', ' ', 'b'],
  ['a heading of blanks in a file that is changed', 'config-texts', '[profile', ' ', 'b]'],
  ['a file of empty lines that gets another section', 'config-texts', '[other]', '\n', 'b'],
] as const

suite('four times as much to read is not much more than four times the work', () => {
  for (const [what, name, head, piece, tail] of cases)
    test(what, async () => {
      const target = await loadTarget(name)
      const grown = (length: number) => Buffer.from(head + piece.repeat(length / piece.length) + tail, 'latin1')
      // Only the work counts here; what such an input means is the corpus's affair.
      const run = async (input: Buffer) => {
        await target.check(input)
      }
      assert.equal(await overwork(grown, run), undefined)
    })
})
