/** A person's home folder that goes away with the test, and a token in it that a real sign-in gave. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { type CachedToken, fileStore, type Session } from 'ssooidc/sign-in'
import type { TestInstance } from '../support/instance.ts'

/** A home folder. */
export type Home = { readonly folder: string; readonly env: { HOME: string } } & AsyncDisposable

/** Makes an empty one. */
export async function makeHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-sign-in-'))
  return {
    folder,
    env: { HOME: folder },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Signs alice in by the calls themselves. */
export async function aliceToken({ oidc, browser, people, origin, clock }: TestInstance): Promise<CachedToken> {
  const client = await oidc.registerClient({ clientName: 'test', clientType: 'public', scopes: ['sso:account:access'] })
  const { clientId, clientSecret } = client
  const device = await oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl: `${origin}/start` })
  await browser().decide(device.verificationUriComplete, people.alice)
  const { deviceCode } = device
  const tokens = await oidc.createToken({ clientId, clientSecret, deviceCode, grantType: GRANT_TYPES.deviceCode })
  return {
    startUrl: `${origin}/start`,
    region: 'us-east-1',
    accessToken: tokens.accessToken,
    expiresAt: clock.now + tokens.expiresIn * 1_000,
    refreshToken: tokens.refreshToken,
    client: { clientId, clientSecret, expiresAt: client.clientSecretExpiresAt * 1_000 },
  }
}

/** Puts a token where the AWS tools of that home find it. */
export function keep({ env }: Home, session: Session, token: CachedToken): Promise<void> {
  return fileStore({ env }).write(session, token)
}
