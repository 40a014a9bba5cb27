import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf, subscriberOf } from './network.ts'

test('addresses that are likely one person’s are one network', () => {
  for (const [network, ...addresses] of [
    ['192.0.2.0/24', '192.0.2.1', '192.0.2.255', '::ffff:192.0.2.7', '::FFFF:192.0.2.7'],
    ['20010db8000000/56', '2001:db8::1', '2001:DB8:0:00ff::', '2001:db8::1:2:3:4', '2001:db8::1%eth0'],
    ['fe800000000000/56', 'fe80::1', 'fe80:0000:0000:0000:1:2:3:4'],
    ['00000000000000/56', '::', '::1'],
    ['unknown', 'unknown'],
  ] as const)
    for (const address of addresses) assert.equal(networkOf(address), network, address)
})

test('neighbours are other networks', () => {
  assert.notEqual(networkOf('192.0.2.1'), networkOf('192.0.3.1'))
  assert.notEqual(networkOf('2001:db8::1'), networkOf('2001:db8:0:100::1'))
})

test('of IPv4 a subscriber has one address, of IPv6 more than can be counted', () => {
  assert.equal(subscriberOf('192.0.2.1'), '192.0.2.1')
  assert.equal(subscriberOf('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(subscriberOf('2001:db8::1'), subscriberOf('2001:db8:0:0:ffff:ffff:ffff:ffff'))
  assert.notEqual(subscriberOf('2001:db8::1'), subscriberOf('2001:db8:0:100::1'))
})
