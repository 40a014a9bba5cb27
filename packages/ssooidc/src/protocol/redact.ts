/** Prints values of a shape without their secrets, for logs and messages. */
import { eachItem, ownValue } from './read.ts'
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

function redactValue({ secret, kind, fits, item, members }: Shape, value: unknown): unknown {
  // A document may hold anything, and so may what is not of its kind.
  if (secret || kind === 'document' || !fits(value)) return REDACTED
  if (members) return redact(members, value as Record<string, unknown>) // it fits
  return item ? eachItem(value as object, (each) => redactValue(item, each)) : value
}
