/** The device authorization endpoint: the device grant of `device-grants.ts`, begun by any OAuth client. */
import { InvalidScopeException } from 'ssooidc/protocol/sso-oidc'
import type { DeviceAuthorizationInput, DeviceAuthorizationOutput } from '../../protocol/oauth2.ts'
import { type Client, identifyClient } from '../clients/client-authentication.ts'
import { parseScopeParameter } from '../clients/scopes.ts'
import type { Call, Deps } from '../deps.ts'
import { beginDeviceGrant, limitDeviceGrants } from '../grants/device-grants.ts'

/**
 * Starts a device grant, for all scopes of the client or for those that it names.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.1
 */
export async function authorizeDevice(
  deps: Deps,
  input: DeviceAuthorizationInput,
  call: Call,
  now: number,
): Promise<DeviceAuthorizationOutput> {
  limitDeviceGrants(deps, call, now)
  const client = identifyClient(deps, input, now)
  const grant = await beginDeviceGrant(
    deps,
    client,
    { scopes: scopesOf(client, input.scope), showsNumber: false },
    call,
    now,
  )
  return {
    device_code: grant.deviceCode,
    user_code: grant.userCode,
    verification_uri: grant.verificationUri,
    verification_uri_complete: grant.verificationUriComplete,
    expires_in: grant.expiresIn,
    interval: grant.interval,
  }
}

function scopesOf(client: Client, asked: string | undefined): readonly string[] {
  const scopes = parseScopeParameter(asked)
  if (!scopes.every((scope) => client.scopes.includes(scope)))
    throw new InvalidScopeException('A scope was asked for that the client did not register.')
  return scopes.length > 0 ? scopes : client.scopes
}
