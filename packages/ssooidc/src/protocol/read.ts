/**
 * Reads an untyped value as a shape. What comes out was checked: right types, within bounds, every required member there,
 * nothing but declared members. Problems are sentences for the person at the terminal, and never repeat a value.
 */
import type { Members, Shape, Structure } from './shape.ts'

/** Reads `value` as `shape`; puts what is wrong into `problems`, naming the member by `path`. */
export function read(shape: Shape, value: unknown, path: string, problems: string[]): unknown {
  const { fits, demand, beyond, item, members } = shape
  const wanted = fits(value) ? beyond?.(value) : demand
  if (wanted) {
    problems.push(`${path} must be ${wanted}`)
    return undefined
  }
  if (members) return readMembers(members, (name) => ownValue(value as object, name), `${path}.`, problems)
  return item ? eachItem(value as object, (each, at) => read(item, each, path + at, problems)) : value
}

/** The items of a list or a map, each changed. */
export function eachItem(value: object, change: (item: unknown, at: string) => unknown): unknown {
  return Array.isArray(value)
    ? value.map((each, index) => change(each, `[${index}]`))
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each, `.${key}`)]))
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
    const label = prefix + (shape.wireName ?? name)
    if (value !== undefined && value !== null) values[name] = read(shape, value, label, problems)
    else if (!shape.optional) problems.push(`${label} is missing`)
  }
  return values as Structure<M> // every required member was read above, or a problem says otherwise
}

/**
 * Reads the members of an object.
 *
 * @throws what `wrong` makes of the problems, where there are any
 */
export function readObject<M extends Members>(
  members: M,
  value: object,
  wrong: (problems: string) => Error,
): Structure<M> {
  const problems: string[] = []
  const values = readMembers(members, (name) => ownValue(value, name), '', problems)
  if (problems.length > 0) throw wrong(problems.join('; '))
  return values
}

/** A plain object's own member; never something inherited. */
export function ownValue(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
