import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { workplace } from '../../../../test/support/workplace.ts'
import { exitCodes } from './failure.ts'

type Listed = { kid: string; purpose: string; state: string }

describe('portico keys', () => {
  test('shows keys, lets others follow them, and takes out one that is compromised, beside a running server', async () => {
    await using place = workplace()
    const list = (): Listed[] => JSON.parse(place.run(['keys', 'list', '--json']).out)
    const server = await place.serve('--demo')
    assert.deepEqual(new Set(list().map(({ state }) => state)), new Set(['active']))
    assert.match(place.run(['keys', 'rotate', 'client']).out, /^One key is published/)
    const next = list().filter(({ purpose, state }) => purpose === 'client' && state === 'published')
    assert.equal(next.length, 1)
    assert.match(place.run(['keys', 'rotate', 'clients']).err, /There is no key for clients/)
    const [key] = list().filter(({ purpose }) => purpose === 'csrf')
    assert.match(place.run(['keys', 'compromised', key?.kid ?? '']).out, /is retired, with all/)
    assert.deepEqual(
      list()
        .flatMap(({ purpose, state }) => (purpose === 'csrf' ? [state] : []))
        .toSorted(),
      ['active', 'retired'],
    )
    assert.equal((await fetch(server.said.startUrl)).status, 200)
    assert.equal(await server.stop(), 0)
  })

  test('are put under another root key with both at hand, and then need the one before no more', async () => {
    await using place = workplace()
    assert.equal(await (await place.serve()).stop(), 0)
    const previous = readFileSync(place.path('portico-data/root.key'), 'utf8').trim()
    const next = { PORTICO_ROOT_KEY: randomBytes(32).toString('base64') }
    const both = { ...next, PORTICO_PREVIOUS_ROOT_KEY: previous }

    const refused = place.run(['keys', 'rewrap'], next)
    assert.equal(refused.code, exitCodes.data)
    assert.match(refused.err, /root key does not open/)
    const between = await place.serve({ env: both })
    assert.match(place.run(['keys', 'rewrap'], both).out, /keys are under the new root key/)
    assert.equal((await fetch(between.said.startUrl)).status, 200)
    assert.equal(await between.stop(), 0)
    assert.match(place.run(['keys', 'rewrap'], next).out, /under this root key already/)

    const command = `echo ${next.PORTICO_ROOT_KEY}`
    assert.equal(await (await place.serve('--root-key-command', command)).stop(), 0)
    assert.equal(place.run(['serve', '--port', '0']).code, exitCodes.data)
    assert.match(place.run(['keys', 'rotate', '--root-key-command', 'echo no key']).err, /must print 32 bytes/)
  })
})
