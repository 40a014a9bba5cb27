/**
 * Proxies, as curl and the AWS tools understand their settings. Node.js has them built in only since 24, so the tunnel is
 * dug here: one `CONNECT`, and TLS through what it opens.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
import type { Agent } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { isLoopback } from '../endpoint.ts'
import { ConfigError } from '../errors.ts'
import type { TransportSetup } from './transport.ts'

/** A proxy, and the headers that it wants. */
export type Proxy = { readonly url: URL; readonly headers: Readonly<Record<string, string>> }

/** The proxy for an endpoint; undefined when it is asked directly. */
export function proxyFor(
  endpoint: URL,
  { httpsProxy, httpProxy, noProxy }: Pick<TransportSetup, 'httpsProxy' | 'httpProxy' | 'noProxy'>,
): Proxy | undefined {
  const setting = endpoint.protocol === 'https:' ? httpsProxy : httpProxy
  if (setting === undefined || isDirect(endpoint, noProxy)) return undefined
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(setting) ? setting : `http://${setting}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new ConfigError('a proxy must be a URL that begins with http:// or https://')
  return { url, headers: url.username === '' ? {} : { 'proxy-authorization': `Basic ${secretOf(url)}` } }
}

function secretOf({ username, password }: URL): string {
  try {
    return btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  } catch {
    throw new ConfigError(
      'the user name and password of a proxy must be percent-encoded Latin-1, a % of their own as %25',
    )
  }
}

function isDirect({ hostname, port, protocol }: URL, noProxy: string | undefined): boolean {
  // Plain http is allowed to this machine because nobody else reads it; a proxy would.
  if (protocol === 'http:' && isLoopback(hostname)) return true
  const effectivePort = port || (protocol === 'https:' ? '443' : '80')
  return (noProxy ?? '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, host = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
      if (onlyPort !== undefined && onlyPort !== effectivePort) return false
      const suffix = host.replace(/^\*?\.?/, '')
      return host === '*' || hostname === suffix || hostname.endsWith(`.${suffix}`)
    })
}

/** Makes an https agent reach its hosts through a tunnel. */
export function tunnelThrough(agent: Agent, proxy: Proxy, timeout: number): void {
  const open = (options: ConnectionOptions, opened: (error: Error | null, socket?: Socket) => void): undefined => {
    const authority = `${options.host?.includes(':') ? `[${options.host}]` : options.host}:${options.port}`
    const { request } = process.getBuiltinModule(proxy.url.protocol === 'https:' ? 'node:https' : 'node:http')
    const asked = request({
      hostname: proxy.url.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.url.port,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxy.headers },
      agent: false,
      timeout,
    })
    asked.once('timeout', () => asked.destroy(notConnected(`the proxy did not answer within ${timeout} ms`)))
    asked.once('error', (error) => opened(Object.assign(error, { syscall: 'connect' })))
    asked.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        return opened(notConnected(`the proxy answered ${response.statusCode}`))
      }
      socket.setTimeout(0)
      opened(null, process.getBuiltinModule('node:tls').connect({ ...options, socket }))
    })
    asked.end()
  }
  Object.assign(agent, { createConnection: open })
}

function notConnected(message: string): Error {
  return Object.assign(new Error(message), { code: 'EPROXY', syscall: 'connect' })
}
