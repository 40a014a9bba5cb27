import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { formBrowser } from '../test/support/form-browser.ts'
import { startPortico } from '../test/support/portico.ts'

test('the sign-in example shows what a person may reach once they have approved it', { timeout: 60_000 }, async () => {
  await using portico = await startPortico()
  const example = spawn(process.execPath, [join(import.meta.dirname, 'sign-in.ts'), portico.url])
  let said = ''
  let approval: Promise<unknown> | undefined
  for (const stream of [example.stdout, example.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const page = /^Open (\S+)\n/m.exec(said)?.[1]
      if (page !== undefined) approval ??= formBrowser().decide(page, portico.person('alice'))
    })
  const [exitCode] = await once(example, 'close')
  await approval
  assert.equal(exitCode, 0, said)
  for (const { accountId, roles } of portico.accounts)
    if (roles.length > 0) assert.match(said, new RegExp(`^${accountId}.*: .*${roles[0]}`, 'm'))
  assert.match(said, /access key ASIA\w+, good until/)
})
