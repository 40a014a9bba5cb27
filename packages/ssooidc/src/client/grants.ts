/** What each grant needs, as the type checker and the running program see it. */
import { isGiven } from '../config/given.ts'
import type { CreateTokenInput, redeems } from '../protocol/sso-oidc/create-token.ts'
import type { CreateTokenWithIAMInput, redeemsWithIAM } from '../protocol/sso-oidc/create-token-with-iam.ts'

type Request<Input, Needs extends Record<string, keyof Input>> = {
  [Grant in keyof Needs]: Omit<Input, 'grantType' | Needs[keyof Needs]> & { readonly grantType: Grant } & {
    readonly [Name in Needs[Grant]]-?: NonNullable<Input[Name]>
  } & { readonly [Name in Exclude<Needs[keyof Needs], Needs[Grant]>]?: undefined }
}[keyof Needs]

/** The input of CreateToken: each grant type with the member that it redeems, and without those of the others. */
export type CreateTokenRequest = Request<CreateTokenInput, typeof redeems>

/** The input of CreateTokenWithIAM, likewise. */
export type CreateTokenWithIAMRequest = Request<CreateTokenWithIAMInput, typeof redeemsWithIAM>

/**
 * Refuses what no service could redeem. AWS's own example spells one grant type with a hyphen, which the service does not
 * know.
 *
 * @throws TypeError naming what to write instead
 */
export function checkGrant(
  operation: string,
  redeems: Readonly<Record<string, string>>,
  input: Readonly<Record<string, unknown>>,
): void {
  const grantType = `${input?.grantType}`
  if (withUnderscore(grantType) !== grantType)
    throw new TypeError(
      `${operation}: grantType ${grantType} has a hyphen where an underscore belongs; use GRANT_TYPES.deviceCode`,
    )
  if (!Object.hasOwn(redeems, grantType)) return // the service says what it supports
  const needed = redeems[grantType] ?? ''
  if (!isGiven(input[needed]))
    throw new TypeError(`${operation}: ${needed} is missing, which grantType ${grantType} redeems`)
}

/** The grant type as the service spells it. */
export function withUnderscore(grantType: string): string {
  return grantType.replace(/:device-code$/, ':device_code')
}
