/** What the guide says about scripts, held against what the commands do. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../packages/portico/src/cli/failure.ts'
import { formBrowser } from '../support/form-browser.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { portico, porticoJson, start } from './command.ts'
import { type Home, makeHome } from './home.ts'

let server: RunningPortico
let home: Home
let guide: string
before(async () => {
  ;[server, home] = await Promise.all([startPortico(), makeHome()])
  guide = await readFile(join(import.meta.dirname, '../../docs/guide/command-line.md'), 'utf8')
  await porticoJson(home, ['configure', 'session', 'work', '--start-url', server.url, '--json'])
  const running = start(home, ['login', '--method', 'device', '--no-browser'])
  const url = await running.said(/(http:\S+user_code=\S+)/)
  const number = await running.said(/which number you see here. It is\s+(\d\d)\s/)
  await formBrowser().decide(url, server.person('alice'), 'approve', undefined, number)
  assert.equal((await running.ended).code, 0)
})
after(async () => {
  await home?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** The names in the row of a table that begins so. */
function membersOf(first: string): string[] {
  const row = guide.split('\n').find((line) => line.startsWith(`| ${first} `))
  assert.ok(row, `the guide has no row for ${first}`)
  return [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
}

/** The names of members, and of those of the first of a list. */
function namesIn(printed: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(printed).flatMap(([name, value]) => {
    const first: unknown = Array.isArray(value) ? value[0] : undefined
    return [name, ...(typeof first === 'object' && first !== null ? Object.keys(first) : [])]
  })
}

describe('the guide of the command line', () => {
  test('names every exit code', () => {
    for (const code of Object.values(exitCodes)) assert.match(guide, new RegExp(`^\\| ${code} +\\| \\S`, 'm'))
  })

  const role = ['--account', '111111111111', '--role', 'ReadOnlyAccess']
  const rows: [row: string, args: readonly string[]][] = [
    ['`login`', ['login']],
    ['`status`', ['status']],
    ['`token`', ['token']],
    ['`accounts`', ['accounts']],
    ['`roles`', ['roles']],
    ['`export`', ['export', ...role]],
    ['`configure …`', ['configure', 'profile', 'dev', ...role, '--dry-run']],
    ['`doctor`', ['doctor']],
    ['`config explain`', ['config', 'explain']],
    ['`logout`', ['logout']],
  ]
  for (const [row, args] of rows)
    test(`names every member that ${row} prints as JSON`, async () => {
      const { schemaVersion, ...printed } = await porticoJson<Record<string, unknown>>(home, [...args, '--json'])
      assert.equal(schemaVersion, 1)
      const said = membersOf(row)
      assert.deepEqual(
        namesIn(printed).filter((name) => !said.includes(name)),
        [],
      )
    })

  test('names what a command prints that fails', async () => {
    const { code, stdout } = await portico(home, ['accounts', '--json'])
    assert.equal(code, 3)
    const { error } = JSON.parse(stdout) as { error: object }
    assert.deepEqual(['error', ...Object.keys(error)].sort(), membersOf('any, when it fails').sort())
  })
})
