import { BlockList, isIP } from 'node:net'
import { Failure } from './failure.ts'
import type { Settings } from './settings.ts'

/**
 * Refuses settings under which secrets would cross a network in the clear.
 *
 * @throws Failure
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-1.6
 */
export function refuseExposure({
  host,
  publicUrl,
  tlsTerminated,
  tlsCert,
}: Pick<Settings, 'host' | 'publicUrl' | 'tlsTerminated'> & Partial<Pick<Settings, 'tlsCert'>>): void {
  if (publicUrl?.startsWith('http:') && !isLoopback(new URL(publicUrl).hostname.replaceAll(/[[\]]/g, ''))) {
    throw new Failure(
      'configuration',
      `People would send passwords to ${publicUrl} in the clear. Give \`publicUrl\` an https origin.`,
    )
  }
  if (isLoopback(host)) return
  if (!tlsTerminated && tlsCert === undefined) {
    throw new Failure(
      'configuration',
      `This server speaks plain http, and ${host} can be reached from other machines. Listen on 127.0.0.1, give it a certificate with --tls-cert and --tls-key, or put a TLS terminator in front and say so with --tls-terminated and --public-url.`,
    )
  }
  if (publicUrl === undefined) {
    throw new Failure('configuration', 'Say under which origin people reach this server, with --public-url https://….')
  }
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  const family = isIP(host)
  return family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
