/** What each grant needs, as the type checker and the running program see it. */
import type { CreateTokenInput } from '../protocol/sso-oidc/create-token.ts'
import type { CreateTokenWithIAMInput } from '../protocol/sso-oidc/create-token-with-iam.ts'
import { GRANT_TYPES } from '../protocol/sso-oidc/grant-types.ts'

/** What CreateToken redeems, by grant type. */
export const needs = {
  [GRANT_TYPES.authorizationCode]: 'code',
  [GRANT_TYPES.deviceCode]: 'deviceCode',
  [GRANT_TYPES.refreshToken]: 'refreshToken',
} as const satisfies Record<string, keyof CreateTokenInput>

/** What CreateTokenWithIAM redeems, by grant type. */
export const needsWithIAM = {
  [GRANT_TYPES.authorizationCode]: 'code',
  [GRANT_TYPES.refreshToken]: 'refreshToken',
  [GRANT_TYPES.jwtBearer]: 'assertion',
  [GRANT_TYPES.tokenExchange]: 'subjectToken',
} as const satisfies Record<string, keyof CreateTokenWithIAMInput>

type Request<Input, Needs extends Record<string, keyof Input>> = {
  [Grant in keyof Needs]: Omit<Input, 'grantType' | Needs[keyof Needs]> & { readonly grantType: Grant } & {
    readonly [Name in Needs[Grant]]-?: NonNullable<Input[Name]>
  } & { readonly [Name in Exclude<Needs[keyof Needs], Needs[Grant]>]?: undefined }
}[keyof Needs]

/** The input of CreateToken: each grant type with the member that it redeems, and without those of the others. */
export type CreateTokenRequest = Request<CreateTokenInput, typeof needs>

/** The input of CreateTokenWithIAM, likewise. */
export type CreateTokenWithIAMRequest = Request<CreateTokenWithIAMInput, typeof needsWithIAM>

/** The spelling with a hyphen stands in AWS's own example; the service knows only the one with an underscore. */
export const HYPHENATED_DEVICE_CODE = GRANT_TYPES.deviceCode.replace('_', '-')

/**
 * Refuses what no service could redeem.
 *
 * @throws TypeError naming what to write instead
 */
export function checkGrant(
  operation: string,
  needs: Readonly<Record<string, string>>,
  input: Readonly<Record<string, unknown>>,
): void {
  const { grantType } = input ?? {}
  if (grantType === HYPHENATED_DEVICE_CODE)
    throw new TypeError(
      `${operation}: grantType ${grantType} has a hyphen where an underscore belongs; use GRANT_TYPES.deviceCode`,
    )
  if (typeof grantType !== 'string' || !Object.hasOwn(needs, grantType)) return // the service says what it supports
  const needed = needs[grantType] ?? ''
  if (input[needed] === undefined || input[needed] === null || input[needed] === '')
    throw new TypeError(`${operation}: ${needed} is missing, which grantType ${grantType} redeems`)
}
