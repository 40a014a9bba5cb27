/**
 * The few shapes the wire is made of: those that the AWS service models know, with the traits that say where a member
 * travels, what bounds it has and whether it may be printed. Pure data; a shape neither reads nor writes anything.
 *
 * It gains a shape only when a service model has one that is missing here. Prose about members lives in `docs.ts` beside
 * each service, so that a client never loads it.
 */

declare const type: unique symbol

/** What a value may be. */
export type Kind = 'string' | 'integer' | 'boolean' | 'timestamp' | 'list' | 'map' | 'structure' | 'document'

/** A shape of values of type `T`. `Optional` says whether a structure may leave the member out. */
export type Shape<T = unknown, Optional extends boolean = boolean> = {
  readonly kind: Kind
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

/** The type of the values of a shape. */
export type Value<S> = S extends Shape<infer T> ? T : never

/** The type of a structure with these members. */
export type Structure<M extends Members> = Readable<
  { readonly [K in keyof M as M[K]['optional'] extends true ? never : K]: Value<M[K]> } & {
    readonly [K in keyof M as M[K]['optional'] extends true ? K : never]?: Value<M[K]> | undefined
  }
>

type Readable<T> = { [K in keyof T]: T[K] }
type Bounds = { min?: number; max?: number }

// Declared to be without effects, so that a bundler drops the contract of what nobody calls.
/* @__NO_SIDE_EFFECTS__ */
function shape<T>(kind: Kind, traits: Partial<Shape> = {}): Shape<T, false> {
  return { kind, optional: false, secret: false, location: 'body', ...traits } as Shape<T, false>
}

/** Text. `min` and `max` count UTF-16 units, as the models do. */
export const string = /* @__NO_SIDE_EFFECTS__ */ (bounds: Bounds = {}): Shape<string, false> => shape('string', bounds)

/** Text that may be one of a few words only. */
export const oneOf = /* @__NO_SIDE_EFFECTS__ */ <const V extends string>(...values: V[]): Shape<V, false> =>
  shape('string', { values })

/** Text that must never be printed. */
export const secret = /* @__NO_SIDE_EFFECTS__ */ (bounds: Bounds = {}): Shape<string, false> =>
  shape('string', { ...bounds, secret: true })

/** A whole number that a double holds exactly; the models' `integer` and `long`. */
export const integer = /* @__NO_SIDE_EFFECTS__ */ (bounds: Bounds = {}): Shape<number, false> =>
  shape('integer', bounds)

/** True or false. */
export const boolean = /* @__NO_SIDE_EFFECTS__ */ (): Shape<boolean, false> => shape('boolean')

/** A moment: epoch milliseconds here, whatever the dialect says on the wire. */
export const timestamp = /* @__NO_SIDE_EFFECTS__ */ (): Shape<number, false> => shape('timestamp')

/** JSON of any form. */
export const document = /* @__NO_SIDE_EFFECTS__ */ (): Shape<unknown, false> => shape('document')

/** Values of one shape, in order. */
export const list = /* @__NO_SIDE_EFFECTS__ */ <T>(item: Shape<T>, bounds: Bounds = {}): Shape<readonly T[], false> =>
  shape('list', { ...bounds, item })

/** Values of one shape, by name. */
export const map = /* @__NO_SIDE_EFFECTS__ */ <T>(
  item: Shape<T>,
  bounds: Bounds = {},
): Shape<Readonly<Record<string, T>>, false> => shape('map', { ...bounds, item })

/** Named members. The shape keeps the members' own types, so that documentation can be checked against them. */
export const structure = /* @__NO_SIDE_EFFECTS__ */ <const M extends Members>(
  members: M,
): Shape<Structure<M>, false> & { readonly members: M } =>
  shape('structure', { members }) as Shape<Structure<M>, false> & { readonly members: M }

/** The same member, which may be left out. On the wire, null means left out. */
export const optional = /* @__NO_SIDE_EFFECTS__ */ <S extends Shape>(
  of: S,
): Omit<S, 'optional'> & Shape<Value<S>, true> =>
  ({ ...of, optional: true }) as Omit<S, 'optional'> & Shape<Value<S>, true>

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
