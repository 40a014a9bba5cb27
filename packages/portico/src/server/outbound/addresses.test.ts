import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { mayBeAsked } from './addresses.ts'

/** First and last address of every range of both registries, of multicast, and of what clouds tell a machine about itself. */
const special: readonly (readonly [what: string, asked: 'never' | 'by an administrator', ...addresses: string[]])[] = [
  ['this network', 'never', '0.0.0.0', '0.255.255.255'],
  ['private use', 'by an administrator', '10.0.0.0', '10.255.255.255'],
  ['shared address space', 'by an administrator', '100.64.0.0', '100.127.255.255'],
  ['loopback', 'by an administrator', '127.0.0.0', '127.0.0.1', '127.255.255.255'],
  ['link local', 'never', '169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255'],
  ['private use', 'by an administrator', '172.16.0.0', '172.31.255.255'],
  ['protocol assignments', 'never', '192.0.0.0', '192.0.0.8', '192.0.0.170', '192.0.0.192', '192.0.0.255'],
  ['documentation', 'never', '192.0.2.0', '192.0.2.255'],
  ['AS112', 'never', '192.31.196.0', '192.31.196.255'],
  ['AMT', 'never', '192.52.193.0', '192.52.193.255'],
  ['6to4 relays', 'never', '192.88.99.0', '192.88.99.255'],
  ['private use', 'by an administrator', '192.168.0.0', '192.168.255.255'],
  ['AS112 by delegation', 'never', '192.175.48.0', '192.175.48.255'],
  ['benchmarking', 'by an administrator', '198.18.0.0', '198.19.255.255'],
  ['documentation', 'never', '198.51.100.0', '198.51.100.255'],
  ['documentation', 'never', '203.0.113.0', '203.0.113.255'],
  ['multicast', 'never', '224.0.0.0', '239.255.255.255'],
  ['reserved and broadcast', 'never', '240.0.0.0', '255.255.255.255'],

  ['loopback', 'by an administrator', '::1', '0:0:0:0:0:0:0:1'],
  ['unspecified', 'never', '::'],
  ['IPv4-compatible', 'never', '::2', '::7f00:1', '::127.0.0.1', '::a9fe:a9fe'],
  ['IPv4-translated', 'never', '::ffff:0:8.8.8.8', '::ffff:0:7f00:1'],
  [
    'translation of a network’s own',
    'never',
    '64:ff9b:1::',
    '64:ff9b:1::a9fe:a9fe',
    '64:ff9b:1:ffff:ffff:ffff:ffff:ffff',
  ],
  ['discard', 'never', '100::', '100::ffff:ffff:ffff:ffff'],
  ['dummy', 'never', '100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  [
    'protocol assignments',
    'never',
    '2001::',
    '2001:1::1',
    '2001:2::',
    '2001:4:112::',
    '2001:20::',
    '2001:30::',
    '2001:1ff:ffff::',
  ],
  ['Teredo', 'never', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['documentation', 'never', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation', 'never', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['6to4', 'never', '2002::', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['AS112 by delegation', 'never', '2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['segment routing', 'never', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unique local', 'by an administrator', 'fc00::', 'fd12:3456:789a::1', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link local', 'never', 'fe80::', 'fe80::1%eth0', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site local', 'never', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast', 'never', 'ff00::', 'ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['what was given to nobody', 'never', '1::', '4000::1', '8000::1', 'e000::1', 'fe00::1'],

  ['metadata of AWS', 'never', 'fd00:ec2::254', 'fd00:0ec2:0000::0254', 'fd00:ec2::23', 'fd00:ec2::253'],
  ['metadata of Google', 'never', 'fd20:ce::254'],
  ['metadata of Alibaba', 'never', '100.100.100.200'],
  ['metadata of Azure', 'never', '168.63.129.16'],
]

/** The ways in which an IPv6 address can stand for an IPv4 one. */
const spellings = (ipv4: string): string[] => {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
  const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  return [
    `::ffff:${ipv4}`,
    `::FFFF:${hex}`,
    `0:0:0:0:0:ffff:${hex}`,
    `64:ff9b::${ipv4}`,
    `64:FF9B::${hex}`,
    `64:ff9b:0:0:0:0:${hex}`,
  ]
}

suite('an address', () => {
  for (const [what, asked, ...addresses] of special)
    test(`for ${what} is asked ${asked === 'never' ? 'by nobody' : 'only where an administrator named it'}: ${addresses[0]}`, () => {
      const all = addresses.flatMap((address) => [address, ...(address.includes(':') ? [] : spellings(address))])
      for (const address of all) {
        assert.equal(mayBeAsked(address, { allowPrivate: false }), false, address)
        assert.equal(mayBeAsked(address, { allowPrivate: true }), asked !== 'never', address)
      }
    })

  test('of everybody’s is asked, mapped, translated and beside every special range too', () => {
    const ipv4 = [
      '1.1.1.1',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
    ]
    const more = [
      '169.253.255.255',
      '169.255.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.0.1.0',
      '192.0.3.0',
      '192.167.255.255',
    ]
    const last = ['192.169.0.0', '198.17.255.255', '198.20.0.0', '203.0.112.255', '223.255.255.255', '168.63.129.17']
    const all = [...ipv4, ...more, ...last]
    const ipv6 = [
      '2000::',
      '2001:200::1',
      '2001:4860:4860::8888',
      '2001:db7::1',
      '2001:db9::1',
      '2003::1',
      '2606:4700::1111',
      '3ffe::1',
    ]
    for (const address of [...all, ...all.flatMap(spellings), ...ipv6])
      assert.equal(mayBeAsked(address, { allowPrivate: false }), true, address)
  })

  test('that is none is asked by nobody', () => {
    for (const text of ['', 'localhost', '127.1', '0x7f000001', '::ffff:127.0.0.1.example', '[::1]', '::g', '1:2:3'])
      assert.equal(mayBeAsked(text, { allowPrivate: true }), false, text)
  })
})
