import { AUTHORIZATION_PATH } from 'ssooidc/protocol/sso-oidc'
import { END_SESSION_PATH } from '../../protocol/oauth2.ts'

/** Where the pages are. Links, forms and routes take their paths from here and nowhere else. */
export const paths = {
  start: '/start',
  credentials: '/start/credentials',
  cli: '/start/cli',
  signIn: '/sign-in',
  secondFactor: '/sign-in/second-factor',
  enrol: '/sign-in/enrol',
  forgot: '/sign-in/forgot',
  signOut: '/sign-out',
  device: '/device',
  authorize: AUTHORIZATION_PATH,
  consent: '/consent',
  endSession: END_SESSION_PATH,
  setUp: '/setup',
  personLink: '/setup/link',
  account: '/account',
  password: '/account/password',
  passkeys: '/account/passkeys',
  oneTimeCodes: '/account/one-time-codes',
  recoveryCodes: '/account/recovery-codes',
  sessions: '/account/sessions',
  disown: '/account/disown',
} as const

/** A page about one role, with the role in the query under the portal API's own names, `account_id` and `role_name`. */
export function rolePath(page: 'credentials' | 'cli', role: { accountId: string; roleName: string }): string {
  return `${paths[page]}?${new URLSearchParams({ account_id: role.accountId, role_name: role.roleName })}`
}

/** A path to link to; whatever else somebody managed to write there becomes the start page. */
export function within(path: string): string {
  return /^\/(?![/\\])/.test(path) ? path : paths.start
}

/** Whether an address may be linked to that leads out of here: `https:`, this machine's, or a program's own scheme, which has a dot. */
export function isElsewhere(href: string): boolean {
  return /^https:\/\/|^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)[:/?]|^[a-z][a-z0-9+-]*\.[a-z0-9+.-]+:/i.test(href)
}
