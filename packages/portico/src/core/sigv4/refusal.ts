/**
 * Why a signature was not accepted. Data, not a wire name: each service answers a kind with its own error, sts in one
 * spelling and the JSON services in another.
 *
 * - `missing`: the request carries no signature at all.
 * - `incomplete`: what it carries cannot be read as a signature, or leaves out something that must be signed.
 * - `unknown-access-key`: nobody holds this access key, or not together with this session token.
 * - `mismatch`: it was signed with another secret, for another service or region, or changed on the way.
 * - `clock-skew`: it was signed too long ago, or in the future.
 * - `expired-credentials`: the signature is right and the credentials behind it are past their life.
 */
export type SigV4RefusalKind =
  | 'missing'
  | 'incomplete'
  | 'unknown-access-key'
  | 'mismatch'
  | 'clock-skew'
  | 'expired-credentials'

/** A request whose signature was not accepted. The message is meant for the person at the terminal and holds no secret. */
export class SigV4Refusal extends Error {
  readonly kind: SigV4RefusalKind

  constructor(kind: SigV4RefusalKind, message: string) {
    super(message)
    this.name = 'SigV4Refusal'
    this.kind = kind
  }
}

/** A refusal of kind `incomplete`. */
export function incomplete(message: string): SigV4Refusal {
  return new SigV4Refusal('incomplete', message)
}

/** A refusal of kind `mismatch`. */
export function mismatch(message: string): SigV4Refusal {
  return new SigV4Refusal('mismatch', message)
}
