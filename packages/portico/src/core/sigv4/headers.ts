import type { RawRequest } from '../../protocol/raw-request.ts'
import { incomplete } from './refusal.ts'

/** Header values by lower-case name. */
export type HeaderValues = ReadonlyMap<string, string>

/**
 * The headers of a request that come once. A second one, in whatever case, is refused where a signature rests on it, since
 * readers disagree on which of two counts; any other decides nothing here and is left out.
 *
 * @throws SigV4Refusal of kind `incomplete`
 */
export function readHeaders(request: RawRequest): HeaderValues {
  const headers = new Map<string, string>()
  const repeated = new Set<string>()
  for (const [sentName, value] of request.headers) {
    const name = sentName.toLowerCase()
    if (headers.has(name)) repeated.add(name)
    headers.set(name, value)
  }
  for (const name of repeated) {
    if (mustBeSigned(name) || name === 'authorization') throw incomplete(`The request has two ${name} headers.`)
    headers.delete(name)
  }
  return headers
}

/**
 * The headers that a signature covers, in its order.
 *
 * @throws SigV4Refusal of kind `incomplete` when one is absent, or when one that must be signed is not
 */
export function readSignedHeaders(signedHeaders: readonly string[], headers: HeaderValues): HeaderValues {
  for (const name of ['host', ...headers.keys()]) {
    if (mustBeSigned(name) && !signedHeaders.includes(name)) throw incomplete(`The header ${name} must be signed.`)
  }
  const signed = new Map<string, string>()
  for (const name of signedHeaders) {
    const value = headers.get(name)
    if (value === undefined) throw incomplete(`The signed header ${name} must be in the request, once.`)
    // A character above U+00FF is no byte that was on the wire; hashing it as latin1 would make it one.
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw incomplete(`The header ${name} holds what no header may hold.`)
    signed.set(name, value)
  }
  return signed
}

/** A header that changes what a request means must not be one that anybody on the way could add. */
function mustBeSigned(name: string): boolean {
  return name === 'host' || name === 'content-type' || name.startsWith('x-amz-')
}
