/**
 * JSON as a security boundary reads it: valid UTF-8, one object, no member twice, not nested without end. Two readers of a
 * body with a member twice may each see another value, so it is refused; and everything that walks the value later may
 * recurse, because the depth was bounded here.
 */
import { isObject } from './read.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const stringLiteral = /"(?:[^"\\]|\\.)*"/g

/** The deepest nesting accepted. No service model comes near it. */
const MAX_DEPTH = 32

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
  const counted = countMembers(value)
  if (counted === undefined) return `the request body nests more than ${MAX_DEPTH} levels deep`
  // In valid JSON, each member has exactly one colon outside string literals.
  if (text.replace(stringLiteral, '').split(':').length - 1 !== counted) return 'the request body names a member twice'
  return value
}

/** How many members there are at all depths; undefined when that is too deep. Loops, since the stack is not the caller's. */
function countMembers(root: Record<string, unknown>): number | undefined {
  let count = 0
  let level: object[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MAX_DEPTH) return undefined
    const next: object[] = []
    for (const value of level) {
      const children: unknown[] = Object.values(value)
      if (!Array.isArray(value)) count += children.length
      for (const child of children) if (typeof child === 'object' && child !== null) next.push(child)
    }
    level = next
  }
  return count
}
