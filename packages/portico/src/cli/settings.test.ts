import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refuseExposure } from './exposure.ts'
import { Failure } from './failure.ts'
import { renderSettings, resolveSettings, type Sources, showSettings } from './resolve-settings.ts'
import { environmentName, flagName } from './settings.ts'

const resolve = (sources: Partial<Sources> = {}) => resolveSettings({ env: {}, flags: {}, ...sources })
const file = (text: string) => ({ name: 'portico.yaml', text })

/** The failure's sentences, one a line. */
function refused(act: () => unknown): string[] {
  try {
    act()
  } catch (error) {
    assert.ok(error instanceof Failure)
    assert.equal(error.exitCode, 7)
    return error.message.split('\n')
  }
  assert.fail('nothing was refused')
}

describe('settings', () => {
  test('have defaults that let a server start', () => {
    const { values, origins, warnings } = resolve()
    assert.deepEqual(
      [values.host, values.port, values.data, values.region, values.trustedProxies, values.publicUrl],
      ['127.0.0.1', 8000, './portico-data', 'us-east-1', [], undefined],
    )
    assert.deepEqual([...new Set(Object.values(origins))], ['default'])
    assert.deepEqual(warnings, [])
  })

  test('come from flags before the environment and from the environment before the file, and say so', () => {
    const text = 'port: 1111\nhost: 127.0.0.2\n\nregion: eu-west-1\n'
    const { values, origins } = resolve({
      file: file(text),
      env: { PORTICO_PORT: '2222', PORTICO_REGION: 'eu-west-2' },
      flags: { port: '3333' },
    })
    assert.deepEqual(
      [values.port, origins.port, values.region, origins.region, values.host, origins.host, origins.data],
      [3333, '--port', 'eu-west-2', 'PORTICO_REGION', '127.0.0.2', 'portico.yaml:2', 'default'],
    )
  })

  test('that are lists may be lists in the file, and are split at commas elsewhere', () => {
    const text = 'trustedProxies:\n  - 10.0.0.0/8\n  - ::1\nstartUrlAliases: https://a.awsapps.com/start\n'
    const { values } = resolve({ file: file(text) })
    assert.deepEqual(values.trustedProxies, ['10.0.0.0/8', '::1'])
    assert.deepEqual(values.startUrlAliases, ['https://a.awsapps.com/start'])
    assert.deepEqual(resolve({ env: { PORTICO_TRUSTED_PROXIES: '10.0.0.1, 10.0.0.2' } }).values.trustedProxies, [
      '10.0.0.1',
      '10.0.0.2',
    ])
  })

  test('have one name, written three ways', () => {
    assert.deepEqual(
      [environmentName('publicUrl'), flagName('publicUrl'), environmentName('port'), flagName('port')],
      ['PORTICO_PUBLIC_URL', '--public-url', 'PORTICO_PORT', '--port'],
    )
  })

  test('that nobody gave a value in the environment are not set there', () => {
    assert.equal(resolve({ env: { PORTICO_PORT: '' } }).origins.port, 'default')
  })

  test('that are wrong are all named, each with its place', () => {
    assert.deepEqual(
      refused(() =>
        resolve({
          file: file('port: 99999\nregoin: eu-west-1\npublicUrl: https://a.example/path\n'),
          env: { PORTICO_TLS_TERMINATED: 'yes', PORTICO_TRUSTED_PROXIES: '10.0.0.0/40' },
          flags: { region: 'mars' },
        }),
      ),
      [
        'Some settings must change.',
        'portico.yaml:1:1: A port is a number from 0 to 65535.',
        'portico.yaml:2:1: `regoin` is not a known key. Did you mean `region`?',
        'portico.yaml:3:1: An origin is expected here: scheme, host and perhaps port, such as `https://portico.example.com`.',
        'PORTICO_TLS_TERMINATED: Write `true` or `false`.',
        'PORTICO_TRUSTED_PROXIES: An address or a network is expected here, such as `10.0.0.7` or `10.0.0.0/8`.',
        '--region: A region is expected here, such as `eu-central-1`.',
      ],
    )
  })

  test('that are secret are shown neither in the table nor in a complaint', () => {
    const secret = 'postgres://portico:hunter2@db.example/portico'
    const resolved = resolve({ env: { PORTICO_DATABASE: secret } })
    assert.equal(resolved.values.database, secret)
    assert.match(renderSettings(resolved), /^database +\(secret\) +PORTICO_DATABASE$/m)
    assert.doesNotMatch(JSON.stringify(showSettings(resolved)), /hunter2/)
    assert.doesNotMatch(refused(() => resolve({ env: { PORTICO_DATABASE: 'hunter2' } })).join(), /hunter2/)
  })

  test('that are misspelt in the environment are pointed out, and what belongs to others is not', () => {
    const { warnings } = resolve({ env: { PORTICO_PROT: '1', PORTICO_SERVICE_HOST: '10.0.0.1', PROT: '2' } })
    assert.deepEqual(warnings, ['PORTICO_PROT is not a setting. Did you mean PORTICO_PORT?'])
  })
})

describe('beyond loopback', () => {
  const exposure = (host: string, publicUrl?: string, tlsTerminated = false) =>
    refuseExposure({ host, publicUrl, tlsTerminated })

  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) {
    test(`${host} is loopback, where plain http is fine`, () => exposure(host))
  }

  for (const host of ['0.0.0.0', '::', '192.168.0.7', 'portico.example.com', '::ffff:0.0.0.0']) {
    test(`${host} is refused over plain http`, () => {
      assert.match(refused(() => exposure(host)).join(), /speaks plain http.*--tls-terminated/)
    })
    test(`${host} is fine behind a TLS terminator that people know the address of`, () => {
      exposure(host, 'https://portico.example.com', true)
      assert.match(refused(() => exposure(host, undefined, true)).join(), /--public-url/)
    })
  }

  test('a public address without TLS is refused, whatever stands in front', () => {
    assert.match(refused(() => exposure('127.0.0.1', 'http://portico.example.com', true)).join(), /in the clear/)
    exposure('127.0.0.1', 'http://[::1]:8000')
  })
})
