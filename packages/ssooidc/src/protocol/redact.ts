/** Prints values of a shape without their secrets, for logs and messages. */
import { isObject, ownValue } from './read.ts'
import type { Members, Shape } from './shape.ts'

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]'

/** A copy of `value` that is safe to print: secret members replaced, undeclared members left out. */
export function redact(members: Members, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(members)) {
    const member = ownValue(value, name)
    if (member !== undefined && member !== null) shown[name] = redactValue(shape, member)
  }
  return shown
}

function redactValue(shape: Shape, value: unknown): unknown {
  if (shape.secret) return REDACTED
  if (shape.kind === 'structure') return isObject(value) ? redact(shape.members ?? {}, value) : REDACTED
  const item = shape.item
  if (shape.kind === 'list' && item)
    return Array.isArray(value) ? value.map((each) => redactValue(item, each)) : REDACTED
  if (shape.kind === 'map' && item)
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redactValue(item, each)]))
      : REDACTED
  // A document may hold anything, and so may a member that should have been text or a number and is not.
  return shape.kind === 'document' || typeof value === 'object' ? REDACTED : value
}
