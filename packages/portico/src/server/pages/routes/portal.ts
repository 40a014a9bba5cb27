/** The access portal's pages: accounts and roles, credentials to copy, and how to set up the AWS CLI. */
import type { ServiceException } from 'ssooidc/protocol'
import { isServiceException } from 'ssooidc/protocol'
import { issueRoleCredentials } from '../../../core/access/portal.ts'
import { startUrlAlias } from '../../../core/access/start-url.ts'
import { proofNeededToAssume } from '../../../core/factors/proof-needed.ts'
import type { Person } from '../../../core/people/people.ts'
import type { Entitlement } from '../../../storage/storage.ts'
import { accountsPage, cliSetUpPage, credentialsPage, type PortalAccount, paths, rolePath } from '../pages.ts'
import { type Browser, errorAnswer, page, toSignIn } from './browser.ts'
import { proveFirst } from './second-factor.ts'

/** `GET /start`. */
export async function getStart(browser: Browser): Promise<Response> {
  const { person, frame, context } = browser
  if (person === undefined) return toSignIn(browser, paths.start)
  const query = (context.req.query('q') ?? '').slice(0, 200)
  const accounts = accountsOf(person.reach.entitlements)
  return page(browser, accountsPage({ ...frame, person: shown(person), accounts, query }))
}

/** `GET /start/credentials`: mints, so it is never cached and never prefetched. */
export async function getCredentials(browser: Browser): Promise<Response> {
  return withRole(browser, 'credentials', async (person, role) => {
    const { signInId: id, authenticatedAt, amr } = person
    const session = { id, authenticatedAt, amr, flow: 'browser' } as const
    const issued = await issueRoleCredentials(
      browser.server.deps,
      person.reach,
      role,
      session,
      browser.origin,
      browser.now,
    )
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = issued
    return credentialsPage({
      ...browser.frame,
      person: shown(person),
      account: { accountId: role.accountId, name: role.accountName },
      roleName: role.roleName,
      credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: expiresAt },
      profile: profileName(role),
      now: browser.now,
    })
  })
}

/** `GET /start/cli`. */
export async function getCli(browser: Browser): Promise<Response> {
  const { settings, instance } = browser.server.deps
  return withRole(browser, 'cli', async (person, role) =>
    cliSetUpPage({
      ...browser.frame,
      person: shown(person),
      url: settings.origin,
      startUrlAlias: startUrlAlias(instance),
      region: settings.region,
      accountId: role.accountId,
      accountName: role.accountName,
      roleName: role.roleName,
      profile: profileName(role),
    }),
  )
}

async function withRole(
  browser: Browser,
  which: 'credentials' | 'cli',
  view: (person: Person, role: Entitlement) => Promise<ReturnType<typeof cliSetUpPage>>,
): Promise<Response> {
  const { person, context } = browser
  const asked = {
    accountId: context.req.query('account_id') ?? '',
    roleName: context.req.query('role_name') ?? '',
  }
  if (person === undefined) return toSignIn(browser, rolePath(which, asked))
  const role = person.reach.entitlements.find(
    ({ accountId, roleName }) => accountId === asked.accountId && roleName === asked.roleName,
  )
  if (role === undefined)
    return errorAnswer(browser, 403, {
      title: 'No access',
      whatHappened: 'You do not have this role, or there is no such account.',
      whatToDo: 'Choose one of your accounts, or ask your administrator for the role.',
    })
  const needed =
    which === 'credentials' ? await proofNeededToAssume(browser.server.deps, person, role, browser.now) : 'nothing'
  if (needed !== 'nothing') return proveFirst(browser, person, needed, rolePath(which, asked))
  try {
    return page(browser, await view(person, role))
  } catch (error) {
    if (!isServiceException(error)) throw error
    return notNow(browser, error)
  }
}

function notNow(browser: Browser, error: ServiceException): Response {
  return errorAnswer(browser, error.status, {
    title: 'No credentials at this moment',
    whatHappened: error.message,
    whatToDo: 'Wait a moment and reload the page.',
  })
}

function accountsOf(entitlements: readonly Entitlement[]): PortalAccount[] {
  const byAccount = Map.groupBy(entitlements, ({ accountId }) => accountId)
  return [...byAccount.values()].flatMap((roles) => {
    const [first] = roles
    if (first === undefined) return []
    const { accountId, accountName, emailAddress } = first
    return [{ accountId, name: accountName, emailAddress, roles: roles.map(({ roleName }) => roleName) }]
  })
}

function shown({ reach: { user } }: Person) {
  return { displayName: user.displayName, userName: user.userName }
}

function profileName({ accountName, roleName }: Entitlement): string {
  const words = `${accountName}-${roleName}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return words.replace(/^-+|-+$/g, '') || 'portico'
}
