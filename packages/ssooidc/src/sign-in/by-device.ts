/**
 * Signs in by a code that the person compares, in any browser.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628
 */
import type { Connections } from '../client/connection.ts'
import { registerClient, startDeviceAuthorization } from '../client/operations.ts'
import type { CachedToken } from './cache/token.ts'
import { systemClock } from './clock.ts'
import { pollForToken, type TokenIssuer } from './device.ts'
import { opens } from './opens.ts'
import type { SignInOptions } from './options.ts'
import { redeem } from './redeem.ts'
import { registrationOf, toToken } from './registration.ts'
import type { Session } from './session.ts'

/** Shows the code, and waits for whoever decides. */
export async function byDevice(to: Connections, session: Session, options: SignInOptions): Promise<CachedToken> {
  const { onEvent, signal, clock = systemClock, timeoutMs, numberMatch } = options
  const client = await registerClient(to, registrationOf(session, options), { signal })
  const { clientId, clientSecret } = client
  const device = await startDeviceAuthorization(
    to,
    { clientId, clientSecret, startUrl: session.startUrl, ...(numberMatch ? { numberMatch: 'show' } : {}) },
    { signal },
  )
  const seconds = Math.min(device.expiresIn, (timeoutMs ?? Number.POSITIVE_INFINITY) / 1_000)
  const expiresAt = clock.now() + seconds * 1_000
  const { userCode, verificationUri, verificationUriComplete, matchNumber } = device
  const shown = { type: 'device', userCode, verificationUri, verificationUriComplete, matchNumber, expiresAt } as const
  onEvent?.({ ...shown, opened: await opens(verificationUriComplete, options, true) })
  const issuer: TokenIssuer = { createToken: (input) => redeem(to, input, signal) }
  const tokens = await pollForToken(
    issuer,
    { ...client, ...device, expiresIn: seconds },
    {
      signal,
      clock,
      onPoll: (report) => onEvent?.({ type: 'poll', ...report }),
    },
  )
  return toToken(session, client, tokens, clock.now())
}
