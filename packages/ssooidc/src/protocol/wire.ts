/** What a dialect sees of HTTP: little enough that any server or transport can give it. */

/** A request as a dialect reads it. */
export type WireRequest = {
  readonly method: string
  /** The query as sent, without its question mark. */
  readonly query: string
  /** A header's value by name, without regard to case. */
  header(name: string): string | undefined
  readonly body: Uint8Array
}

/** An answer as a dialect writes it. */
export type WireResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
