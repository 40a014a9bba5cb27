/** Networks: addresses that are likely one person's, for counting and comparing. */
import { isIP, isIPv4, isIPv6 } from 'node:net'

/** The /24 of an IPv4 address, the /56 of an IPv6 one; other text is its own network. */
export function networkOf(address: string): string {
  const plain = withoutMapping(address)
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  return subscriberOf(plain)
}

/**
 * What one subscriber sends from, for limits that must not hit neighbours: an IPv4 address itself, and the /56 of an IPv6 one,
 * of which everybody has as many as they like.
 */
export function subscriberOf(address: string): string {
  const plain = withoutMapping(address)
  return isIPv6(plain) ? `${expand(plain).slice(0, 14).join('')}/56` : plain
}

/** Whether both are addresses of one family, so that they can be compared. */
export function sameFamily(one: string, other: string): boolean {
  const family = isIP(withoutMapping(one))
  return family !== 0 && family === isIP(withoutMapping(other))
}

/** Whether an address, or a host of a URL, is this machine itself. */
export function isLoopback(address: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|::1|\[::1\]|localhost)$/.test(withoutMapping(address))
}

function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}

// The 32 hexadecimal digits of an IPv6 address.
function expand(address: string): readonly string[] {
  const bare = address.split('%', 1)[0] ?? ''
  const [head = '', tail] = bare.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right].flatMap((group) => [...group.toLowerCase().padStart(4, '0')])
}
