/** The names of paws, as its documentation has them: what a client is told, and what it then offers. */
import type { CallOptions } from '../client/call.ts'
import type { Ssooidc } from '../client/client.ts'
import type { CreateTokenRequest } from '../client/grants.ts'

/** A value, or nothing: null, undefined and the empty string are R's `NULL`. */
export type Maybe<T> = T | null | undefined

/** The keys of `creds`. Give both of the first two, or none. */
export type PawsCreds = {
  /** AWS access key ID. Used by create_token_with_iam only; the other operations are never signed. */
  access_key_id?: Maybe<string>
  /** AWS secret access key. */
  secret_access_key?: Maybe<string>
  /** AWS temporary session token. */
  session_token?: Maybe<string>
  /** When they end: a date, its text, or epoch milliseconds. Not in the documentation of paws, and in its code. */
  expiration?: Maybe<Date | string | number>
}

/** `credentials`, in `config` or as the shorthand. */
export type PawsCredentials = {
  creds?: Maybe<PawsCreds>
  /** The name of a profile to use. Default: `AWS_PROFILE`, else `default`. */
  profile?: Maybe<string>
  /** Look for no credentials. create_token_with_iam then fails at once, as it must be signed; the others never need any. */
  anonymous?: Maybe<boolean>
}

/** `config`. */
export type PawsConfig = {
  credentials?: Maybe<PawsCredentials>
  /** The complete URL to use for the client. */
  endpoint?: Maybe<string>
  /** The AWS Region. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's. */
  region?: Maybe<string>
  /** Close every connection after its answer. */
  close_connection?: Maybe<boolean>
  /** Seconds for a whole attempt, its connection included. Default 60. (paws itself refuses this name.) */
  timeout?: Maybe<number>
  /** Seconds until the connection stands. Not in the documentation of paws, and in its code. */
  connect_timeout?: Maybe<number>
  /** How often a failed call is tried again. Default 2. Not in the documentation of paws, and in its code. */
  max_retries?: Maybe<number>
  /** Without effect: this client never calls S3. Accepted so that a configuration can be shared. */
  s3_force_path_style?: Maybe<boolean>
  /** Whether AWS's credential chain, when it assumes a role to sign with, asks the Region's STS or the global one. */
  sts_regional_endpoint?: Maybe<'regional' | 'legacy'>
}

/** The device grant under the name that paws and AWS document and that no service knows. */
export type HyphenatedGrant = Omit<Extract<CreateTokenRequest, { deviceCode: string }>, 'grantType'> & {
  readonly grantType: 'urn:ietf:params:oauth:grant-type:device-code'
}

/** CreateToken, with either spelling of the device grant. */
export type PawsCreateToken = (
  input: CreateTokenRequest | HyphenatedGrant,
  options?: CallOptions,
) => ReturnType<Ssooidc['createToken']>

/** The operations, under the names of paws and under those of AWS. */
export type PawsService = {
  readonly create_token: PawsCreateToken
  readonly createToken: PawsCreateToken
  readonly create_token_with_iam: Ssooidc['createTokenWithIAM']
  readonly register_client: Ssooidc['registerClient']
  readonly start_device_authorization: Ssooidc['startDeviceAuthorization']
} & Omit<Ssooidc, 'createToken'>
