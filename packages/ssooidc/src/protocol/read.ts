/**
 * Reads an untyped value as a shape. What comes out was checked: right types, within bounds, every required member there,
 * nothing but declared members. Problems are sentences for the person at the terminal, and never repeat a value.
 */
import type { Members, Shape, Structure } from './shape.ts'

/** Reads `value` as `shape`; puts what is wrong into `problems`, naming the member by `path`. */
export function read(shape: Shape, value: unknown, path: string, problems: string[]): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') return complain(problems, `${path} must be a string`)
      if (shape.values !== undefined && !shape.values.includes(value))
        return complain(problems, `${path} must be one of ${shape.values.join(', ')}`)
      return within(shape, value.length, path, 'character', problems) ? value : undefined
    case 'integer':
      if (!Number.isSafeInteger(value)) return complain(problems, `${path} must be a whole number`)
      return within(shape, value as number, path, undefined, problems) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : complain(problems, `${path} must be true or false`)
    case 'timestamp':
      return Number.isFinite(value) ? value : complain(problems, `${path} must be a time`)
    case 'list':
      if (!Array.isArray(value)) return complain(problems, `${path} must be a list`)
      if (!within(shape, value.length, path, 'item', problems)) return undefined
      return value.map((item, index) => read(itemOf(shape), item, `${path}[${index}]`, problems))
    case 'map':
      if (!isObject(value)) return complain(problems, `${path} must be an object`)
      if (!within(shape, Object.keys(value).length, path, 'member', problems)) return undefined
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, read(itemOf(shape), item, `${path}.${key}`, problems)]),
      )
    case 'structure':
      if (!isObject(value)) return complain(problems, `${path} must be an object`)
      return readMembers(shape.members ?? {}, (name) => ownValue(value, name), `${path}.`, problems)
    case 'document':
      return value
  }
}

/** Reads every member by asking `get` for it. Unknown members are not looked at; null counts as left out. */
export function readMembers<M extends Members>(
  members: M,
  get: (name: string, shape: Shape) => unknown,
  prefix: string,
  problems: string[],
): Structure<M> {
  const values: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(members)) {
    const value = get(name, shape)
    const label = `${prefix}${shape.location === 'body' ? name : (shape.wireName ?? name)}`
    if (value !== undefined && value !== null) values[name] = read(shape, value, label, problems)
    else if (!shape.optional) complain(problems, `${label} is missing`)
  }
  return values as Structure<M> // every required member was read above, or a problem says otherwise
}

/** A plain object's own member; never something inherited. */
export function ownValue(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function itemOf(shape: Shape): Shape {
  if (shape.item === undefined) throw new Error(`a ${shape.kind} shape without an item shape`)
  return shape.item
}

function complain(problems: string[], problem: string): undefined {
  problems.push(problem)
  return undefined
}

function within(shape: Shape, size: number, path: string, unit: string | undefined, problems: string[]): boolean {
  const counted = (n: number) => (unit === undefined ? `${n}` : `${n} ${unit}${n === 1 ? '' : 's'}`)
  if (shape.min !== undefined && size < shape.min) complain(problems, `${path} must be at least ${counted(shape.min)}`)
  else if (shape.max !== undefined && size > shape.max)
    complain(problems, `${path} must be at most ${counted(shape.max)}`)
  else return true
  return false
}
