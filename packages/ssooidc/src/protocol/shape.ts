/**
 * The few shapes the wire is made of: those that the AWS service models know, with the traits that say where a member
 * travels, what bounds it has and whether it may be printed. A shape knows what fits it, each kind by itself, so that a bundle
 * holds the checks of the kinds that its operations have; walking a value and saying what is wrong is `read.ts`.
 *
 * It gains a shape only when a service model has one that is missing here. Prose about members lives in `docs.ts` beside
 * each service, so that a client never loads it.
 */

import { isObject } from './read.ts'

declare const type: unique symbol

/** What a value may be. */
export type Kind = 'string' | 'integer' | 'boolean' | 'timestamp' | 'list' | 'map' | 'structure' | 'document'

/** A shape of values of type `T`. `Optional` says whether a structure may leave the member out. */
export type Shape<T = unknown, Optional extends boolean = boolean> = {
  readonly kind: Kind
  /** Whether a value is of this kind, which is `demand` in words. */
  readonly fits: (value: unknown) => boolean
  readonly demand: string
  /** What the bounds demand that a value of this kind does not keep, where there are any. */
  readonly beyond?: (value: unknown) => string | undefined
  readonly optional: Optional
  /** Never printed: `redact` replaces it. */
  readonly secret: boolean
  /** Where the member travels. */
  readonly location: 'body' | 'query' | 'header'
  /** Ours alone: AWS's own services and programs know nothing of it. An answer that has none leaves it out. */
  readonly extension?: boolean
  /** Its name there, when it differs from the member's. */
  readonly wireName?: string
  /** Bounds: of characters for a string, of the value for an integer, of items for a list or map. */
  readonly min?: number
  readonly max?: number
  /** The only strings allowed. */
  readonly values?: readonly string[]
  /** Of a list or map. */
  readonly item?: Shape
  /** Of a structure. */
  readonly members?: Members
  readonly [type]?: T
}

/** The members of a structure, by name. */
export type Members = Readonly<Record<string, Shape>>

/** A shape of the same values, which a structure may leave out. */
export type Optional<S extends Shape> = Omit<S, 'optional'> & Shape<Value<S>, true>

/** The type of the values of a shape. */
export type Value<S> = S extends Shape<infer T> ? T : never

/** The type of a structure with these members. */
export type Structure<M extends Members> = Readable<
  { readonly [K in keyof M as M[K]['optional'] extends true ? never : K]: Value<M[K]> } & {
    readonly [K in keyof M as M[K]['optional'] extends true ? K : never]?: Value<M[K]> | undefined
  }
>

type Readable<T> = { [K in keyof T]: T[K] }
type Traits = Partial<Shape>

// Declared to be without effects, so that a bundler drops the contract of what nobody calls.
/* @__NO_SIDE_EFFECTS__ */
function shape<T>(kind: Kind, demand: string, fits: (value: unknown) => boolean, traits?: Traits): Shape<T, false> {
  return { kind, demand, fits, optional: false, secret: false, location: 'body', ...traits } as Shape<T, false>
}

/* @__NO_SIDE_EFFECTS__ */
const text = <T = string>(traits?: Traits) =>
  shape<T>('string', 'a string', (value) => typeof value === 'string', traits)

/** Text. */
export const string = /* @__NO_SIDE_EFFECTS__ */ (): Shape<string, false> => text()

/** Text that may be one of a few words only. */
export const oneOf = /* @__NO_SIDE_EFFECTS__ */ <const V extends string>(...values: V[]): Shape<V, false> => {
  const beyond = (value: unknown) => (values.includes(value as V) ? undefined : `one of ${values.join(', ')}`)
  return text({ values, beyond })
}

/** Text that must never be printed. */
export const secret = /* @__NO_SIDE_EFFECTS__ */ (): Shape<string, false> => text({ secret: true })

/** A whole number that a double holds exactly; the models' `integer` and `long`. */
export const integer = /* @__NO_SIDE_EFFECTS__ */ (): Shape<number, false> =>
  shape('integer', 'a whole number', Number.isSafeInteger)

/** True or false. */
export const boolean = /* @__NO_SIDE_EFFECTS__ */ (): Shape<boolean, false> =>
  shape('boolean', 'true or false', (value) => typeof value === 'boolean')

/** A moment: epoch milliseconds here, whatever the dialect says on the wire. */
export const timestamp = /* @__NO_SIDE_EFFECTS__ */ (): Shape<number, false> =>
  shape('timestamp', 'a time', Number.isFinite)

/** JSON of any form. */
export const document = /* @__NO_SIDE_EFFECTS__ */ (): Shape<unknown, false> => shape('document', '', () => true)

/** Values of one shape, in order. */
export const list = /* @__NO_SIDE_EFFECTS__ */ <T>(item: Shape<T>): Shape<readonly T[], false> =>
  shape('list', 'a list', Array.isArray, { item })

/** Values of one shape, by name. */
export const map = /* @__NO_SIDE_EFFECTS__ */ <T>(item: Shape<T>): Shape<Readonly<Record<string, T>>, false> =>
  shape('map', 'an object', isObject, { item })

/** Named members. The shape keeps the members' own types, so that documentation can be checked against them. */
export const structure = /* @__NO_SIDE_EFFECTS__ */ <const M extends Members>(
  members: M,
): Shape<Structure<M>, false> & { readonly members: M } =>
  shape('structure', 'an object', isObject, { members }) as Shape<Structure<M>, false> & { readonly members: M }

/** The same member within bounds. For text they count UTF-16 units, as the models do. */
export const bounded = /* @__NO_SIDE_EFFECTS__ */ <S extends Shape>(bounds: Bounds, of: S): S => ({
  ...of,
  ...bounds,
  beyond: (value: unknown) => outOfBounds(of.kind, bounds, value),
})

/** The same member, which may be left out. On the wire, null means left out. */
export const optional = /* @__NO_SIDE_EFFECTS__ */ <S extends Shape>(of: S): Optional<S> =>
  ({ ...of, optional: true }) as Optional<S>

/** The same member, travelling in the query under this name. */
export const query = /* @__NO_SIDE_EFFECTS__ */ <S extends Shape>(wireName: string, of: S): S => ({
  ...of,
  location: 'query',
  wireName,
})

/** The same member, travelling in a header of this name. */
export const header = /* @__NO_SIDE_EFFECTS__ */ <S extends Shape>(wireName: string, of: S): S => ({
  ...of,
  location: 'header',
  wireName,
})

/** The same member, which AWS's own services and programs know nothing of. */
export const extension = <S extends Shape>(of: S): S => ({ ...of, extension: true })

type Bounds = { readonly min?: number; readonly max?: number }

// What the bounds of a kind count; those of a number are of itself.
const units: { readonly [K in Kind]?: string } = { string: ' character', list: ' item', map: ' member' }

function outOfBounds(kind: Kind, { min, max }: Bounds, value: unknown): string | undefined {
  const { length } = value as { length?: number } // of text and of lists
  const size = typeof value === 'number' ? value : (length ?? Object.keys(value as object).length)
  const [bound, side] = size < (min ?? size) ? [min, 'least'] : size > (max ?? size) ? [max, 'most'] : []
  const unit = units[kind] ?? ''
  return side && `at ${side} ${bound}${unit && bound !== 1 ? `${unit}s` : unit}`
}
