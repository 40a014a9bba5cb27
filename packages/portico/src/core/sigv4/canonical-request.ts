import { hash } from 'node:crypto'

import type { RawRequest } from '../../protocol/raw-request.ts'
import type { HeaderValues } from './headers.ts'
import { incomplete } from './refusal.ts'

/**
 * The canonical form of a request: the bytes that both sides hash. Built from what came off the socket, never from a
 * parsed URL, and refusing whatever two readers could read differently. Every character of the result stands for one
 * byte, so it must be hashed as latin1.
 *
 * @param headers the signed ones, in the order of the signature's list
 * @throws SigV4Refusal of kind `incomplete`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(request: RawRequest, headers: HeaderValues, payloadHash: string): string {
  const { path, query } = splitTarget(request.target)
  const lines = [request.method, canonicalPath(path), canonicalQuery(query)]
  for (const [name, value] of headers) lines.push(`${name}:${canonicalHeaderValue(value)}`)
  lines.push('', [...headers.keys()].join(';'), payloadHash)
  return lines.join('\n')
}

/** SHA-256 of bytes (or of a latin1 string), in lower-case hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  return hash('sha256', typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
}

/**
 * The path, percent-encoded once more, as every service but S3 has it. Signers fold dot segments and empty ones and
 * routers do so in their own ways, so none is accepted; nor are bytes that end or split a path for some readers.
 */
export function canonicalPath(path: string): string {
  const segments = path.slice(1).split('/')
  for (const [index, segment] of segments.entries()) {
    const decoded = decode(segment, 'path')
    if (decoded === '.' || decoded === '..') throw incomplete('The path holds a dot segment.')
    if (decoded === '' && index < segments.length - 1) throw incomplete('The path holds an empty segment.')
    if (/[\0/\\]/.test(decoded)) throw incomplete('The path holds an encoded slash, a backslash or a zero byte.')
  }
  return `/${segments.map(encode).join('/')}`
}

/**
 * The query: decoded, encoded as RFC 3986 says, in byte order. A bare `+` is refused, since a form decoder would read a
 * space where the signer meant a plus; so is a key that comes twice, in whatever case.
 *
 * @see https://nvd.nist.gov/vuln/detail/CVE-2022-2385 what a second spelling of one key can do
 */
export function canonicalQuery(query: string): string {
  if (query === '') return ''
  const seen = new Set<string>()
  const pairs: (readonly [name: string, value: string])[] = []
  for (const text of query.split('&')) {
    const equals = text.indexOf('=')
    const name = decode(equals < 0 ? text : text.slice(0, equals), 'query')
    const value = decode(equals < 0 ? '' : text.slice(equals + 1), 'query')
    const folded = name.toLowerCase()
    if (name === '') throw incomplete('The query holds a parameter without a name.')
    if (folded.startsWith('x-amz-'))
      throw incomplete('Presigned requests are not accepted: sign in the Authorization header.')
    if (seen.has(folded)) throw incomplete('The query names a parameter twice.')
    seen.add(folded)
    pairs.push([encode(name), encode(value)])
  }
  // Encoded names are ASCII, so that comparing strings compares bytes.
  return pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** Runs of spaces and tabs become one space. Only those: other Unicode spaces are part of the value. */
export function canonicalHeaderValue(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')
}

function splitTarget(target: string): { path: string; query: string } {
  // RFC 9112 §3.2: origin form. What is not printable ASCII, or begins a fragment, some reader in between would change.
  if (!/^\/[!-~]*$/.test(target) || target.includes('#')) {
    throw incomplete('The request-target must be a path and a query, percent-encoded.')
  }
  const mark = target.indexOf('?')
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

function decode(text: string, where: 'path' | 'query'): string {
  if (where === 'query' && text.includes('+')) throw incomplete('The query holds a bare plus sign: write %20 or %2B.')
  try {
    return decodeURIComponent(text)
  } catch {
    throw incomplete(`The ${where} holds something that is not percent-encoded UTF-8.`)
  }
}

/** Everything but RFC 3986's unreserved characters, percent-encoded; encodeURIComponent leaves five more as they are. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
