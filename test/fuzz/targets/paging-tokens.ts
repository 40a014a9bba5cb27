/** Paging tokens: one that a list gave goes on in that list, for that person. */
import assert from 'node:assert/strict'
import { InvalidRequestException } from 'ssooidc/protocol/sso-portal'
import { listUsers } from '../../../packages/portico/src/core/access/identity-store.ts'
import { holderOf, listAccountRoles, listAccounts } from '../../../packages/portico/src/core/access/portal.ts'
import { ValidationException } from '../../../packages/portico/src/protocol/identity-store-errors.ts'
import { type TestInstance, testInstance } from '../../support/instance.ts'
import { signInDevice } from '../../support/programs.ts'
import { isOneOf, textsOf } from '../parts.ts'
import type { Target } from '../target.ts'

let lists: Promise<Readonly<Record<string, List>>> | undefined

export const target: Target = {
  reads: 'paging tokens (`{accounts}`, `{roles}` and `{users}` stand for real ones)',
  promises: 'The next page, exactly for the token that this list gave; the service’s refusal for everything else.',
  files: ['packages/portico/src/core/access/portal.ts', 'packages/portico/src/core/keys/sealing.ts'],
  seeds: [
    'accounts\n{accounts}',
    'roles\n{roles}',
    'users\n{users}',
    'accounts\n{roles}',
    'users\n{accounts}',
    'roles\nA',
  ],
  words: ['{accounts}', '{roles}', '{users}', 'accounts\n', 'roles\n', 'users\n', '=', 'A'],
  longest: 256,
  async check(input) {
    lists ??= testInstance().then(listsOf)
    const known = await lists
    const [name = '', text = ''] = textsOf(input, 2)
    const list = Object.hasOwn(known, name) ? known[name] : undefined
    if (list === undefined) return
    const token = text.replace(/\{(accounts|roles|users)\}/g, (_, each: string) => known[each]?.token ?? '')
    let page: unknown
    try {
      page = await list.read(token)
    } catch (error) {
      assert.ok(isOneOf([InvalidRequestException, ValidationException], error), String(error))
    }
    assert.equal(page !== undefined, token === list.token)
  },
}

type List = { token: string; read(token: string): Promise<unknown> }

async function listsOf(instance: TestInstance): Promise<Readonly<Record<string, List>>> {
  const { deps, clock } = instance
  const { accessToken } = await signInDevice(instance)
  const holder = await holderOf(deps, accessToken, clock.now)
  if (holder === undefined) throw new Error('nobody holds the token')
  const accountId = '111111111111'
  const IdentityStoreId = deps.instance.identityStoreId
  const accounts = await listAccounts(deps, { accessToken, maxResults: 1 }, holder)
  const roles = await listAccountRoles(deps, { accessToken, accountId, maxResults: 1 }, holder)
  const users = await listUsers(deps, { IdentityStoreId, MaxResults: 1 })
  return {
    accounts: {
      token: accounts.nextToken ?? '',
      read: (nextToken) => listAccounts(deps, { accessToken, nextToken }, holder),
    },
    roles: {
      token: roles.nextToken ?? '',
      read: (nextToken) => listAccountRoles(deps, { accessToken, accountId, nextToken }, holder),
    },
    users: {
      token: ('NextToken' in users ? users.NextToken : undefined) ?? '',
      read: (NextToken) => listUsers(deps, { IdentityStoreId, NextToken }),
    },
  }
}
