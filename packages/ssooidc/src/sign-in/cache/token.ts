/**
 * A token as the AWS tools keep it in a file, and what can be said about it at a moment. Where the file is, is not its job.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html
 */
import { isObject } from '../../protocol/read.ts'

/** A token, and what it takes to refresh it. Moments are epoch milliseconds. */
export type CachedToken = {
  readonly startUrl: string
  readonly region: string
  readonly accessToken: string
  readonly expiresAt: number
  /** The registration that the token was given to; without it there is no refresh. */
  readonly client?: { readonly clientId: string; readonly clientSecret: string; readonly expiresAt: number } | undefined
  readonly refreshToken?: string | undefined
  /** Members that other tools wrote and that we only carry along. */
  readonly others?: Readonly<Record<string, unknown>> | undefined
}

/** A file's text, read. What cannot be used says why, in the middle of a sentence: `it is not JSON`. */
export type TokenText = { readonly token: CachedToken } | { readonly problem: string }

/** Reads the text of a token file, of whichever tool. */
export function parseToken(text: string): TokenText {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { problem: text.trim() === '' ? 'it is empty' : 'it is not JSON' }
  }
  if (!isObject(parsed)) return { problem: 'it is not an object' }
  const {
    startUrl,
    region,
    accessToken,
    expiresAt,
    clientId,
    clientSecret,
    registrationExpiresAt,
    refreshToken,
    ...rest
  } = parsed
  const end = momentOf(expiresAt)
  if (!isText(accessToken)) return { problem: 'it holds no access token' }
  if (end === undefined) return { problem: 'it does not say when the token expires' }
  const clientEnd = momentOf(registrationExpiresAt)
  return {
    token: {
      startUrl: isText(startUrl) ? startUrl : '',
      region: isText(region) ? region : '',
      accessToken,
      expiresAt: end,
      client:
        isText(clientId) && isText(clientSecret) && clientEnd !== undefined
          ? { clientId, clientSecret, expiresAt: clientEnd }
          : undefined,
      refreshToken: isText(refreshToken) ? refreshToken : undefined,
      others: rest,
    },
  }
}

/** The text of a token file, such that every AWS tool reads it. */
export function formatToken({
  startUrl,
  region,
  accessToken,
  expiresAt,
  client,
  refreshToken,
  others,
}: CachedToken): string {
  const registration = client && {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    registrationExpiresAt: formatMoment(client.expiresAt),
  }
  const known = { startUrl, region, accessToken, expiresAt: formatMoment(expiresAt), ...registration, refreshToken }
  return JSON.stringify({ ...others, ...known })
}

/** What can be done with a token at a moment. */
export type TokenState =
  /** It opens the portal. */
  | 'valid'
  /** It does not, but can be exchanged for one that does. */
  | 'refreshable'
  /** Only a person can help. */
  | 'over'

/** Judges a token. */
export function stateOf(token: CachedToken, now: number): TokenState {
  if (token.expiresAt > now) return 'valid'
  return canRefresh(token, now) ? 'refreshable' : 'over'
}

/** Whether it is of any use to ask for a refresh. */
export function canRefresh({ client, refreshToken }: CachedToken, now: number): boolean {
  return refreshToken !== undefined && client !== undefined && client.expiresAt > now
}

/** A moment as the AWS tools write it: without milliseconds, on which older ones choke. */
export function formatMoment(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** A moment as the AWS tools write it, milliseconds or not; the first of them ended it with `UTC`. */
function momentOf(written: unknown): number | undefined {
  if (!isText(written)) return undefined
  const at = Date.parse(written.replace(/UTC$/, 'Z'))
  return Number.isNaN(at) ? undefined : at
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
