/**
 * Reads an untyped value as a shape. What comes out was checked: right types, within bounds, every required member there,
 * nothing but declared members. Problems are sentences for the person at the terminal, and never repeat a value.
 */
import type { Kind, Members, Shape, Structure } from './shape.ts'

/** What a kind demands, and what its bounds count, where it can have any. */
const kinds: Readonly<Record<Kind, readonly [fits: (value: unknown) => boolean, demand: string, unit?: string]>> = {
  string: [(value) => typeof value === 'string', 'a string', 'character'],
  integer: [Number.isSafeInteger, 'a whole number', ''],
  boolean: [(value) => typeof value === 'boolean', 'true or false'],
  timestamp: [Number.isFinite, 'a time'],
  list: [Array.isArray, 'a list', 'item'],
  map: [isObject, 'an object', 'member'],
  structure: [isObject, 'an object'],
  document: [() => true, ''],
}

/** Reads `value` as `shape`; puts what is wrong into `problems`, naming the member by `path`. */
export function read(shape: Shape, value: unknown, path: string, problems: string[]): unknown {
  const { kind, values, item, members } = shape
  const [fits, demand, unit] = kinds[kind]
  const wanted = fits(value)
    ? values?.includes(value as string) === false // only strings have a list of values
      ? `one of ${values.join(', ')}`
      : unit !== undefined && outOfBounds(shape, value, unit)
    : demand
  if (wanted) {
    problems.push(`${path} must be ${wanted}`)
    return undefined
  }
  if (members) return readMembers(members, (name) => ownValue(value as object, name), `${path}.`, problems)
  if (!item) return value
  return Array.isArray(value)
    ? value.map((each, index) => read(item, each, `${path}[${index}]`, problems))
    : Object.fromEntries(
        Object.entries(value as object).map(([key, each]) => [key, read(item, each, `${path}.${key}`, problems)]),
      )
}

/** Reads every member by asking `get` for it. Unknown members are not looked at; null counts as left out. */
export function readMembers<M extends Members>(
  members: M,
  get: (name: string, shape: Shape) => unknown,
  prefix: string,
  problems: string[],
): Structure<M> {
  const values: Record<string, unknown> = {}
  for (const name in members) {
    const shape = members[name] as Shape // a name of its own
    const value = get(name, shape)
    const label = prefix + (shape.location === 'body' ? name : (shape.wireName ?? name))
    if (value !== undefined && value !== null) values[name] = read(shape, value, label, problems)
    else if (!shape.optional) problems.push(`${label} is missing`)
  }
  return values as Structure<M> // every required member was read above, or a problem says otherwise
}

/** A plain object's own member; never something inherited. */
export function ownValue(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the bounds of a shape demand that the value does not keep; undefined when it does. */
function outOfBounds({ min, max }: Shape, value: unknown, unit: string): string | undefined {
  if (min === undefined && max === undefined) return undefined
  const { length } = value as { length?: number } // of text and of lists
  const size = typeof value === 'number' ? value : (length ?? Object.keys(value as object).length)
  const [bound, side] = size < (min ?? size) ? [min, 'least'] : size > (max ?? size) ? [max, 'most'] : []
  return side && `at ${side} ${bound}${unit && ` ${unit}${bound === 1 ? '' : 's'}`}`
}
