/** Where the pages are. Links, forms and routes take their paths from here and nowhere else. */
export const paths = {
  start: '/start',
  credentials: '/start/credentials',
  cli: '/start/cli',
  signIn: '/sign-in',
  signOut: '/sign-out',
  device: '/device',
  authorize: '/authorize',
  consent: '/consent',
  setUp: '/setup',
} as const

/** A page about one role, with the role in the query under the portal API's own names, `account_id` and `role_name`. */
export function rolePath(page: 'credentials' | 'cli', role: { accountId: string; roleName: string }): string {
  return `${paths[page]}?${new URLSearchParams({ account_id: role.accountId, role_name: role.roleName })}`
}
