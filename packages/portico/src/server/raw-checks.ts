/**
 * Requests that an HTTP parser lets through and two readers might read differently. They are refused before anything reads
 * them; whoever sends one is no client of ours.
 */
import type { RawRequest } from '../protocol/raw-request.ts'
import type { RequestFault } from './environment.ts'

/** Headers that decide who is asking or where a body ends: each may come once, in any spelling. */
const ONCE = new Set([
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'origin',
  'transfer-encoding',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-sso_bearer_token',
  'x-amz-target',
])

/** What is wrong with a request as bytes, if anything. */
export function faultOf(raw: Pick<RawRequest, 'target' | 'headers'>, httpVersion: string): RequestFault | undefined {
  const description = sentence(raw, httpVersion)
  return description === undefined ? undefined : { kind: 'malformed', description }
}

function sentence(
  { target, headers }: Pick<RawRequest, 'target' | 'headers'>,
  httpVersion: string,
): string | undefined {
  if (httpVersion === '0.9') return 'HTTP/0.9 is not spoken here.'
  if (!target.startsWith('/') || target.startsWith('//')) return 'The request-target must be a path on this origin.'
  if (!/^[\x21-\x7e]*$/.test(target) || target.includes('#') || target.includes('\\'))
    return 'The request-target has a character that must be percent-encoded.'
  if (/%(?![0-9a-f]{2})/i.test(target)) return 'The request-target has a percent sign that encodes nothing.'
  const path = target.split('?', 1)[0] ?? ''
  if (/%(?:00|2f|5c)/i.test(path)) return 'The path has an encoded character that may not be in one.'
  if (/\/(?:\.|%2e){1,2}(?:\/|;|$)/i.test(path)) return 'The path has a dot segment.'
  const seen = new Set<string>()
  for (const [name, value] of headers) {
    const header = name.toLowerCase()
    if (header === 'host' && !isHost(value))
      return 'The Host header must be a host name or address, and perhaps a port.'
    if (ONCE.has(header) && seen.has(header)) return `The header ${header} is given twice.`
    seen.add(header)
  }
  if (!seen.has('host')) return 'The request has no Host header.'
  return undefined
}

/** Hosts that were found good: one server is called by few names, and reading a URL costs as much as all else here. */
const goodHosts = new Set<string>()
const MOST_GOOD_HOSTS = 100

function isHost(text: string): boolean {
  if (goodHosts.has(text)) return true
  if (!readsAsHost(text)) return false
  if (goodHosts.size < MOST_GOOD_HOSTS) goodHosts.add(text)
  return true
}

function readsAsHost(text: string): boolean {
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(text) && URL.canParse(`http://${text}/`)
}
