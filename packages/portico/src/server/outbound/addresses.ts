/**
 * Which addresses may be asked for documents. Whoever names a server, by an address or by a name that leads to one, must not
 * make this one ask for what only it can reach: its own services, its network, its cloud's metadata.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Whether the address may be asked. `allowPrivate` opens what an administrator may mean: private networks, and this machine. */
export function mayBeAsked(address: string, { allowPrivate }: { allowPrivate: boolean }): boolean {
  const [plain = ''] = address.split('%', 1)
  const ipv4 = isIPv4(plain) ? plain : ipv4Within(plain)
  if (ipv4 !== undefined) return !never.check(ipv4) && (allowPrivate || !inside.check(ipv4))
  if (!isIPv6(plain) || never.check(plain, 'ipv6')) return false
  // Of IPv6, only an eighth is anybody's yet.
  return everywhere.check(plain, 'ipv6') || (allowPrivate && inside.check(plain, 'ipv6'))
}

/**
 * The IPv4 address that an IPv6 one stands for: mapped, or behind the translator of a network without IPv4. Translators of
 * other prefixes cannot be told from other addresses; theirs are not asked.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6052#section-2.1
 */
function ipv4Within(address: string): string | undefined {
  const canonical = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? ''
  const low = /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(canonical)
  if (low === null) return undefined
  const [high, rest] = [low[1] ?? '0', low[2] ?? '0'].map((group) => Number.parseInt(group, 16))
  return [high, rest].flatMap((group = 0) => [group >> 8, group & 0xff]).join('.')
}

/** Addresses that mean another server to everybody who asks, or this one. */
const inside = blockList([
  ...['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'],
  ...['::1/128', 'fc00::/7'],
])

/** The part of IPv6 from which addresses are given out. */
const everywhere = blockList(['2000::/3'])

/** Addresses that are nobody's, everybody's, or only this machine's link; and what clouds tell a machine about itself. */
const never = blockList([
  // This network, link-local, protocol assignments, documentation, relays and name service for all, multicast, reserved.
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  ...['192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Protocol assignments with Teredo, documentation, 6to4, name service for all. What is outside 2000::/3 needs no word.
  ...['2001::/23', '2001:db8::/32', '3fff::/20', '2002::/16', '2620:4f:8000::/48'],
  // The metadata of clouds, where it is in none of the ranges above: Alibaba, Azure, AWS, Google.
  ...['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::/32', 'fd20:ce::254/128'],
])

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/')
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return list
}
