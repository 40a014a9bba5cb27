/**
 * The operations of `sso-oidc`, each as a function. Each imports its own part of the contract and not the whole, so that a
 * bundler can leave out the others.
 */
import * as oidc from '../protocol/sso-oidc/create-token.ts'
import * as iam from '../protocol/sso-oidc/create-token-with-iam.ts'
import { ssoOidcFrame } from '../protocol/sso-oidc/frame.ts'
import * as registration from '../protocol/sso-oidc/register-client.ts'
import * as device from '../protocol/sso-oidc/start-device-authorization.ts'
import { type CallOptions, call } from './call.ts'
import type { Connections } from './connection.ts'
import { type CreateTokenRequest, type CreateTokenWithIAMRequest, checkGrant } from './grants.ts'
import { correctClock, sign } from './signing.ts'

/** Registers a program. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html */
export async function registerClient(
  to: Connections,
  input: registration.RegisterClientInput,
  options?: CallOptions,
): Promise<registration.RegisterClientOutput> {
  return call(to, ssoOidcFrame, registration.registerClient, input, options)
}

/**
 * Begins a sign-in by device code.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html
 */
export async function startDeviceAuthorization(
  to: Connections,
  input: device.StartDeviceAuthorizationInput,
  options?: CallOptions,
): Promise<device.StartDeviceAuthorizationOutput> {
  return call(to, ssoOidcFrame, device.startDeviceAuthorization, input, options)
}

/** Redeems a grant. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
export async function createToken(
  to: Connections,
  input: CreateTokenRequest,
  options?: CallOptions,
): Promise<oidc.CreateTokenOutput> {
  checkGrant(oidc.createToken.name, oidc.redeems, input)
  return call(to, ssoOidcFrame, oidc.createToken, input, options)
}

/**
 * Redeems a grant, signed with AWS credentials.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateTokenWithIAM.html
 */
export async function createTokenWithIAM(
  to: Connections,
  input: CreateTokenWithIAMRequest,
  options?: CallOptions,
): Promise<iam.CreateTokenWithIAMOutput> {
  checkGrant(iam.createTokenWithIAM.name, iam.redeemsWithIAM, input)
  const signing = { sign, correctClock }
  return call(to, ssoOidcFrame, iam.createTokenWithIAM, input, options, { signing })
}
