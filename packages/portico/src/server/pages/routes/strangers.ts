/** Which addresses of programs a link alone may lead a browser to, on any page that answers programs. */
import type { Client } from '../../../core/clients/client-authentication.ts'
import type { Browser } from './browser.ts'

/**
 * Whether anybody may have registered the address, so that nobody is sent there by themselves: it is at another machine, and
 * of a program that registered itself. The address of an application is the administrator's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.11.2
 */
export function isOfStranger({ server }: Browser, client: Client | undefined, to: URL): boolean {
  if (isLoopback(to)) return false
  return client === undefined || server.deps.applications.findByHash(client.hash) === undefined
}

/** Whether the address is on the machine of whoever follows it. */
export function isLoopback({ hostname }: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}

/** What a person knows the place by: its host, or a program's own scheme. */
export function placeOf({ host, protocol }: URL): string {
  return host || protocol
}
