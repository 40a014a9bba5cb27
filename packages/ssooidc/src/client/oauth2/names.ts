/** The standard's words and this package's: `device_code` on the wire is `deviceCode` here, and a list of scopes is a list. */

/** A name of the wire, as it is spelt here. */
export type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name

/** A structure of the wire under the names that it has here, its scopes a list. */
export type Ours<Wire> = {
  readonly [Name in keyof Wire as Camel<Name & string>]: Name extends 'scope'
    ? readonly string[] | undefined
    : Wire[Name]
}

/** Of the wire, under our names. */
export function toOurs<Wire extends object>(wire: Wire): Ours<Wire> {
  const ours: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(wire))
    ours[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())] =
      name === 'scope' && typeof value === 'string' ? value.split(' ').filter(Boolean) : value
  return ours as Ours<Wire> // each name was changed as its type says
}

/** Ours, under the names of the wire. */
export function toWire(ours: object): Readonly<Record<string, unknown>> {
  const wire: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(ours))
    wire[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] =
      name === 'scope' && Array.isArray(value) ? value.join(' ') : value
  return wire
}
