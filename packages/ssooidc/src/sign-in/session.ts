/** What a person signs in to, and what the AWS tools call it. */
import type { SsoSession } from '../config/profile.ts'

/** A sign-in session: an instance of Identity Center, and the name under which its token is kept. */
export type Session = Pick<SsoSession, 'startUrl' | 'region'> & Partial<SsoSession>

/** The scope that opens the access portal. A client without scopes gets no refresh token. */
export const ACCOUNT_ACCESS = 'sso:account:access'

/** What the AWS tools name a session's token after: its name, or, where it has none, its start URL as it was written. */
export function keyOf({ name, startUrl }: Session): string {
  return name ?? startUrl
}

/** The scopes to register for. */
export function scopesOf({ registrationScopes = [] }: Session): string[] {
  return registrationScopes.length > 0 ? [...registrationScopes] : [ACCOUNT_ACCESS]
}
