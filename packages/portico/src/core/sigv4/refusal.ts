import type { SignatureErrors } from 'ssooidc/protocol'

/**
 * Why a signature was not accepted. Data, not a wire name: each service answers a kind with its own error, sts in one
 * spelling and the JSON services in another.
 */
export type SigV4RefusalKind = keyof SignatureErrors

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
