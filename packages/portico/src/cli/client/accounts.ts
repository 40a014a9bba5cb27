/** `portico accounts` and `portico roles`: what the person may reach. */
import { isServiceException, portalErrors, type Sso, sso } from 'ssooidc'
import { refresh } from 'ssooidc/sign-in'
import { resolveTarget, type Target, type TargetFlags } from './target.ts'
import { printJson, say, table } from './terminal.ts'

/** An account of the person. */
export type Account = { readonly accountId: string; readonly name: string; readonly email: string }

/** A role of the person in an account. */
export type Role = Account & { readonly role: string }

/** Prints the accounts whose name or number has `filter` in it. */
export async function accounts(
  filter: string | undefined,
  flags: TargetFlags & { readonly json?: boolean },
): Promise<void> {
  const all = (await listAccounts(resolveTarget(flags))).filter(matches(filter))
  if (flags.json) {
    printJson({ accounts: all })
    return
  }
  if (all.length === 0) return say(`You have no account${named(filter)}.`)
  console.log(
    table([['ACCOUNT', 'NAME', 'EMAIL'], ...all.map(({ accountId, name, email }) => [accountId, name, email])]),
  )
}

/** Prints the roles, in all accounts or in those whose name or number has `filter` in it. */
export async function roles(
  filter: string | undefined,
  flags: TargetFlags & { readonly json?: boolean },
): Promise<void> {
  const all = await listRoles(resolveTarget(flags), filter)
  if (flags.json) {
    printJson({ roles: all })
    return
  }
  if (all.length === 0) return say(`You have no role in any account${named(filter)}.`)
  console.log(table([['ACCOUNT', 'NAME', 'ROLE'], ...all.map(({ accountId, name, role }) => [accountId, name, role])]))
}

/** The accounts, in order of their names. */
export async function listAccounts(target: Target): Promise<Account[]> {
  return withPortal(target, accountsOf)
}

/** The roles in every account, in order of accounts and names. */
export async function listRoles(target: Target, filter?: string): Promise<Role[]> {
  return withPortal(target, async (portal, accessToken) => {
    const found: Role[] = []
    for (const account of (await accountsOf(portal, accessToken)).filter(matches(filter)))
      for await (const { roleName } of portal.accountRoles({ accessToken, accountId: account.accountId }))
        found.push({ ...account, role: roleName })
    return found.sort((a, b) => a.name.localeCompare(b.name) || a.role.localeCompare(b.role))
  })
}

async function accountsOf(portal: Sso, accessToken: string): Promise<Account[]> {
  const found: Account[] = []
  for await (const { accountId, accountName = '', emailAddress = '' } of portal.accounts({ accessToken }))
    found.push({ accountId, name: accountName, email: emailAddress })
  return found.sort((a, b) => a.name.localeCompare(b.name))
}

async function withPortal<T>(
  { session, client }: Target,
  work: (portal: Sso, accessToken: string) => Promise<T>,
): Promise<T> {
  const { accessToken } = await refresh(session, { client })
  await using portal = sso({ ...client, region: session.region })
  try {
    return await work(portal, accessToken)
  } catch (thrown) {
    if (!isServiceException(thrown, portalErrors.UnauthorizedException.spec.name)) throw thrown
    // It was revoked, or a clock is wrong.
    const next = await refresh(session, { client, refused: accessToken })
    return await work(portal, next.accessToken)
  }
}

function named(filter = ''): string {
  return filter === '' ? '' : ` with “${filter}” in its name, number or address`
}

function matches(filter = ''): (account: Account) => boolean {
  const wanted = filter.toLowerCase()
  return ({ accountId, name, email }) => [accountId, name, email].some((text) => text.toLowerCase().includes(wanted))
}
