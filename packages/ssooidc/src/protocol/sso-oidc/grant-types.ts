/** The grants that tokens are made from, and what tokens are called when they are exchanged. */

/** The grant types, spelt as clients send them. (The service's own example has a hyphen in the second; nobody sends it.) */
export const GRANT_TYPES = {
  authorizationCode: 'authorization_code',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  refreshToken: 'refresh_token',
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
} as const

/** One of them. */
export type GrantType = (typeof GRANT_TYPES)[keyof typeof GRANT_TYPES]

/** Kinds of token, in an exchange. @see https://www.rfc-editor.org/rfc/rfc8693#section-3 */
export const TOKEN_TYPES = {
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  refreshToken: 'urn:ietf:params:oauth:token-type:refresh_token',
} as const
