import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chooseMethod, type Place } from './method.ts'
import { browserCommands, openBrowser } from './node-browser.ts'

const desk: Place = { platform: 'linux', env: { DISPLAY: ':0' }, isWsl: false, isContainer: false }

describe('the method', () => {
  const table: [where: string, place: Partial<Place>, method: string][] = [
    ['at a desk', {}, 'pkce'],
    ['on a Mac', { platform: 'darwin', env: {} }, 'pkce'],
    ['on Windows', { platform: 'win32', env: {} }, 'pkce'],
    ['in WSL', { env: {}, isWsl: true }, 'pkce'],
    ['where only BROWSER is set', { env: { BROWSER: 'w3m' } }, 'pkce'],
    ['without a display', { env: {} }, 'device'],
    ['through SSH, even with a display', { env: { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '1' } }, 'device'],
    ['through SSH to a Mac', { platform: 'darwin', env: { SSH_TTY: '/dev/ttys1' } }, 'device'],
    ['in a container', { isContainer: true }, 'device'],
    ['in a build', { env: { CI: 'true', DISPLAY: ':0' } }, 'device'],
    ['in a cloud workspace', { env: { CODESPACES: 'true', BROWSER: 'x' } }, 'device'],
  ]
  for (const [where, place, method] of table)
    test(`${where} is ${method}`, () => assert.equal(chooseMethod({ ...desk, ...place }).method, method))
})

describe('the browser', () => {
  const url = 'https://example.com/?a=1&b=2'
  const around = { env: {}, platform: 'linux', isWsl: false }

  test('is the one that the person names, then that of BROWSER, then the system’s', () => {
    assert.deepEqual(browserCommands({ ...around, browser: 'firefox -P "my own"', env: { BROWSER: 'a %s:b' } }, url), [
      ['firefox', '-P', 'my own', url],
      ['a', url],
      ['b', url],
      ['xdg-open', url],
    ])
  })

  const systems: [platform: string, isWsl: boolean, first: string][] = [
    ['darwin', false, 'open'],
    ['win32', false, 'rundll32'],
    ['linux', true, 'wslview'],
    ['linux', false, 'xdg-open'],
  ]
  for (const [platform, isWsl, first] of systems)
    test(`is ${first} on ${platform}${isWsl ? ' inside Windows' : ''}`, () => {
      const [command] = browserCommands({ ...around, platform, isWsl }, url)
      assert.equal(command?.[0], first)
      assert.equal(command?.at(-1), url)
    })

  test('is not there when no program starts or all of them fail', async () => {
    assert.equal(await openBrowser(url, { ...around, env: { PATH: '' } }), false)
    const env = { PATH: process.env.PATH, BROWSER: 'false' }
    assert.equal(
      await openBrowser('http://127.0.0.1:1/', { ...around, env: { ...env, PATH: '/usr/bin:/bin' }, browser: 'true' }),
      true,
    )
  })

  for (const address of ['file:///etc/passwd', 'http://example.com/', 'javascript:alert(1)'])
    test(`is not sent to ${address}`, async () => {
      await assert.rejects(openBrowser(address, around), TypeError)
    })
})
