/**
 * A request as it came off the socket. SigV4, limits and network checks read only this, never a parsed `Request`: a parser
 * in between could make two readings of one request.
 */
export type RawRequest = {
  method: string
  /** The request-target as sent: origin form, path and query, undecoded. */
  target: string
  /** Names as sent, values untrimmed of nothing but what HTTP says, in order, duplicates kept. */
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array
  /** Address of the peer, or of the client when a configured proxy says so. */
  peerAddress: string
}
