/** The AWS wire behind a person's approval: tokens, refreshing, the access portal, and the end. */
import type { Operation } from 'ssooidc/protocol'
import {
  AccessDeniedException,
  AuthorizationPendingException,
  createToken,
  GRANT_TYPES,
  InvalidGrantException,
  SlowDownException,
} from 'ssooidc/protocol/sso-oidc'
import {
  ForbiddenException,
  InvalidRequestException,
  ResourceNotFoundException,
  ssoPortal,
  UnauthorizedException,
} from 'ssooidc/protocol/sso-portal'
import { ACCOUNT_ACCESS, call, client, demandError, startDevice } from './aws-steps.ts'
import { type Check, demand, NotApplicable } from './check.ts'
import { type Answer, pause, type Target } from './target.ts'

const api = 'https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference'
const portalApi = 'https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference'
const { getRoleCredentials, listAccountRoles, listAccounts, logout } = ssoPortal.operations

/** How long a person may take. */
const PATIENCE = 300

/** Polls as a client does until the person decided. */
async function pollToEnd(target: Target, decision: 'approve' | 'deny'): Promise<Answer> {
  const { poll, verificationUriComplete, json } = await startDevice(target)
  await target.person?.(decision, verificationUriComplete)
  let interval = Number(json.interval ?? 5)
  const waiting = [AuthorizationPendingException.spec.error, SlowDownException.spec.error]
  for (let waited = 0; waited < PATIENCE; waited += interval) {
    const answer = await poll()
    if (!waiting.includes(String(answer.json.error))) return answer
    if (answer.json.error === SlowDownException.spec.error) interval += 5
    await pause(interval)
  }
  throw new NotApplicable(`nobody decided within ${PATIENCE} seconds`)
}

/** The answer that an approval leads to, once for all checks. */
const approved = (target: Target) => target.once('aws tokens', () => pollToEnd(target, 'approve'))

const tokensOf = async (target: Target) => {
  const { json } = await approved(target)
  return { accessToken: String(json.accessToken), refreshToken: String(json.refreshToken) }
}

const ask = (target: Target, { method, path }: Operation, accessToken: string, query: Record<string, string> = {}) =>
  target.send(`${path}?${new URLSearchParams(query)}`, {
    method,
    headers: { [logout.input.accessToken.wireName ?? '']: accessToken },
  })

async function accountsOf(target: Target): Promise<readonly { accountId: string }[]> {
  const { status, json } = await ask(target, listAccounts, (await tokensOf(target)).accessToken)
  demand(status === 200, `ListAccounts answered ${status}: does a proxy drop headers with an underscore?`)
  const accounts = json.accountList
  if (!Array.isArray(accounts) || accounts.length === 0) throw new NotApplicable('the person has no account')
  return accounts
}

const refresh = async (target: Target, refreshToken: string) =>
  call(target, createToken, { ...(await client(target)), grantType: GRANT_TYPES.refreshToken, refreshToken })

const checks: readonly Check[] = [
  {
    id: 'aws/tokens',
    says: 'an approval becomes an access token, a refresh token, and a whole number of seconds',
    see: `${api}/API_CreateToken.html`,
    async run(target) {
      const { status, json, headers } = await approved(target)
      demand(status === 200, `CreateToken answered ${status}`)
      demand(typeof json.accessToken === 'string', 'accessToken is missing')
      demand(String(json.tokenType).toLowerCase() === 'bearer', `tokenType is ${String(json.tokenType)}`)
      demand(Number.isInteger(json.expiresIn), `expiresIn is ${JSON.stringify(json.expiresIn)}`)
      demand(typeof json.refreshToken === 'string', `no refreshToken for a client with the scope ${ACCOUNT_ACCESS}`)
      demand(/no-store/.test(headers.get('cache-control') ?? ''), 'the answer may be kept in a cache')
    },
  },
  {
    id: 'aws/denial',
    says: 'a denial is an AccessDeniedException',
    see: `${api}/API_CreateToken.html`,
    run: async (target) => demandError(await pollToEnd(target, 'deny'), AccessDeniedException),
  },
  {
    id: 'aws/accounts',
    says: 'ListAccounts lists accounts, by pages of the size that is asked for',
    see: `${portalApi}/API_ListAccounts.html`,
    async run(target) {
      const { accessToken } = await tokensOf(target)
      const all = (await accountsOf(target)).map(({ accountId }) => accountId)
      const paged: string[] = []
      for (let next: string | undefined = ''; next !== undefined && paged.length <= all.length; ) {
        const { json } = await ask(target, listAccounts, accessToken, {
          max_result: '1',
          ...(next === '' ? {} : { next_token: next }),
        })
        const page = json.accountList
        demand(Array.isArray(page) && page.length <= 1, 'a page of one account has more')
        paged.push(...page.map((account: { accountId: string }) => account.accountId))
        next = typeof json.nextToken === 'string' ? json.nextToken : undefined
      }
      demand(paged.join() === all.join(), `page by page there are ${paged.length} accounts, at once ${all.length}`)
    },
  },
  {
    id: 'aws/page-bounds',
    says: 'a page of no items, of more than a hundred, or after a token that never was is an InvalidRequestException',
    see: `${portalApi}/API_ListAccounts.html`,
    async run(target) {
      const { accessToken } = await tokensOf(target)
      for (const query of [
        { max_result: '0' },
        { max_result: '101' },
        { max_result: 'abc' },
        { next_token: 'nonsense' },
      ])
        demandError(await ask(target, listAccounts, accessToken, query), InvalidRequestException)
    },
  },
  {
    id: 'aws/role-credentials',
    says: 'GetRoleCredentials gives a key, a secret and a token, which expire at a moment in epoch milliseconds',
    see: `${portalApi}/API_GetRoleCredentials.html`,
    async run(target) {
      const { accessToken } = await tokensOf(target)
      const [account] = await accountsOf(target)
      const account_id = account?.accountId ?? ''
      const roles = (await ask(target, listAccountRoles, accessToken, { account_id })).json.roleList
      demand(Array.isArray(roles) && roles.length > 0, 'an account in the list has no roles')
      const role_name = String(roles[0].roleName)
      const { json } = await ask(target, getRoleCredentials, accessToken, { account_id, role_name })
      const credentials = Object(json.roleCredentials)
      for (const name of ['accessKeyId', 'secretAccessKey', 'sessionToken'])
        demand(typeof credentials[name] === 'string', `${name} is missing`)
      const { expiration } = credentials
      demand(
        Number.isInteger(expiration) && expiration > Date.now(),
        `expiration is ${expiration}: no moment to come, in ms`,
      )
    },
  },
  {
    id: 'aws/unassigned-role',
    says: 'a role that the person does not have is refused, and not with 401, on which clients throw their token away',
    see: `${portalApi}/API_GetRoleCredentials.html`,
    async run(target) {
      const role = { account_id: '999999999999', role_name: 'NobodyHasThis' }
      const answer = await ask(target, getRoleCredentials, (await tokensOf(target)).accessToken, role)
      demandError(answer, ForbiddenException, ResourceNotFoundException)
    },
  },
  {
    id: 'aws/refresh',
    says: 'a refresh gives new tokens, a refresh token among them; two at once both succeed, since CLIs use no lock',
    see: `${api}/API_CreateToken.html`,
    async run(target) {
      const { refreshToken } = await tokensOf(target)
      const answers = await Promise.all([refresh(target, refreshToken), refresh(target, refreshToken)])
      for (const { status, json } of answers) {
        demand(status === 200, `a refresh was answered ${status}: ${String(json.error)}`)
        demand(typeof json.accessToken === 'string', 'a refresh gave no access token')
        demand(typeof json.refreshToken === 'string', 'a refresh gave no refresh token: the next one cannot be')
      }
    },
  },
  {
    id: 'aws/logout',
    says: 'Logout ends the session: its access token, and its refresh token with it',
    see: `${portalApi}/API_Logout.html`,
    async run(target) {
      const { accessToken, refreshToken } = await tokensOf(target)
      const { status } = await ask(target, logout, accessToken)
      demand(status === 200, `Logout answered ${status}`)
      demandError(await ask(target, listAccounts, accessToken), UnauthorizedException)
      demandError(await refresh(target, refreshToken), InvalidGrantException)
    },
  },
]

/** In this order: the last one ends what the others use. */
export const awsSignedIn: readonly Check[] = checks.map((check) => ({ ...check, needsPerson: true }))
