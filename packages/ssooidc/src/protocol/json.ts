/**
 * JSON as a security boundary reads it: valid UTF-8, one object, no member twice. Two readers of a body with a member twice
 * may each see another value, so it is refused.
 */
import { isObject } from './read.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const stringLiteral = /"(?:[^"\\]|\\.)*"/g

/** The object in `body`, or a sentence that says why there is none. */
export function parseJsonObject(body: Uint8Array): Record<string, unknown> | string {
  if (body.length === 0) return 'the request body is empty; send a JSON object'
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    return 'the request body is not valid UTF-8'
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'the request body is not valid JSON'
  }
  if (!isObject(value)) return 'the request body must be a JSON object'
  // In valid JSON, each member has exactly one colon outside string literals.
  const members = text.replace(stringLiteral, '').split(':').length - 1
  if (members !== countMembers(value)) return 'the request body names a member twice'
  return value
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const children = Object.values(value)
  const own = Array.isArray(value) ? 0 : children.length
  return children.reduce<number>((sum, child) => sum + countMembers(child), own)
}
