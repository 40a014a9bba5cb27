/**
 * The token cache that the AWS tools share, as `aws sso login` leaves it: for programs that use a session and make none.
 *
 * Not its job: a cache that a tool has filled itself; see `token()` of `aws-home.ts`.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningPortico } from '../support/portico.ts'
import type { AwsHome, CachedToken } from './aws-home.ts'

/** What of a sign-in the AWS tools keep in a file. */
export type Tokens = Pick<
  CachedToken,
  'accessToken' | 'refreshToken' | 'clientId' | 'clientSecret' | 'registrationExpiresAt'
>

/**
 * Writes the files that `aws sso login` leaves: the token of the `corp` session, which ended a minute ago but can be
 * refreshed, and that of the start URL alone, which is good for an hour.
 */
export async function cacheToken(home: AwsHome, portico: RunningPortico, tokens: Tokens): Promise<void> {
  const { startUrl, region } = portico
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString().replace(/\.\d+Z$/, 'Z')
  const { accessToken } = tokens
  await mkdir(join(home.folder, '.aws', 'sso', 'cache'), { recursive: true })
  await writeFile(cacheFile(home, 'corp'), JSON.stringify({ startUrl, region, ...tokens, expiresAt: inMs(-60_000) }))
  await writeFile(
    cacheFile(home, startUrl),
    JSON.stringify({ startUrl, region, accessToken, expiresAt: inMs(3_600_000) }),
  )
}

/** The token of the `corp` session as the shared cache has it. */
export async function sessionToken(home: AwsHome): Promise<CachedToken> {
  return JSON.parse(await readFile(cacheFile(home, 'corp'), 'utf8')) as CachedToken
}

/** The AWS tools name a token's file after its session, or after its start URL when there is no session. */
function cacheFile(home: AwsHome, key: string): string {
  return join(home.folder, '.aws', 'sso', 'cache', `${createHash('sha1').update(key).digest('hex')}.json`)
}
