/** Exchanges what a person has approved for a token. */
import type { Connections } from '../client/connection.ts'
import type { CreateTokenRequest } from '../client/grants.ts'
import { createToken } from '../client/operations.ts'
import type { CreateTokenOutput } from '../protocol/sso-oidc/create-token.ts'
import { withGrace } from './grace.ts'

/**
 * Redeems a code. The session begins before the answer is here, and an answer that nobody reads would leave it open: so one that
 * is on its way when the signal fires is waited for, a second at most. Whoever has no use for the token any more ends the session.
 *
 * @throws ServiceException, ConnectionError as CreateToken does; the reason of `signal`
 */
export async function redeem(
  to: Connections,
  input: CreateTokenRequest,
  signal: AbortSignal | undefined,
): Promise<CreateTokenOutput> {
  signal?.throwIfAborted()
  return withGrace((stop) => createToken(to, input, { signal: stop }), { signal })
}
