/** What the access portal's operations say over the wire. Their errors are in `index.ts`; a client needs none to ask. */
import { type Input, type Output, wire } from '../operation.ts'
import { bounded, header, integer, list, optional, query, secret, string, structure } from '../shape.ts'

// One hyphen-minus, one underscore: exactly what clients send. Proxies that drop names with underscores must be told not to.
const accessToken = header('x-amz-sso_bearer_token', secret())
const nextToken = query('next_token', optional(string()))
const maxResults = query('max_result', optional(bounded({ min: 1, max: 100 }, integer())))

/** The wire of GetRoleCredentials. */
export const getRoleCredentials = wire({
  name: 'GetRoleCredentials',
  method: 'GET',
  path: '/federation/credentials',
  authentication: 'bearer',
  input: { roleName: query('role_name', string()), accountId: query('account_id', string()), accessToken },
  output: {
    roleCredentials: structure({
      accessKeyId: string(),
      secretAccessKey: secret(),
      sessionToken: secret(),
      expiration: integer(),
    }),
  },
})

/** The wire of ListAccounts. */
export const listAccounts = wire({
  name: 'ListAccounts',
  method: 'GET',
  path: '/assignment/accounts',
  authentication: 'bearer',
  input: { nextToken, maxResults, accessToken },
  output: {
    nextToken: optional(string()),
    accountList: list(
      structure({
        accountId: string(),
        accountName: optional(string()),
        emailAddress: optional(bounded({ min: 1, max: 254 }, string())),
      }),
    ),
  },
})

/** The wire of ListAccountRoles. */
export const listAccountRoles = wire({
  name: 'ListAccountRoles',
  method: 'GET',
  path: '/assignment/roles',
  authentication: 'bearer',
  input: { nextToken, maxResults, accessToken, accountId: query('account_id', string()) },
  output: {
    nextToken: optional(string()),
    roleList: list(structure({ roleName: string(), accountId: string() })),
  },
})

/** The wire of Logout. */
export const logout = wire({
  name: 'Logout',
  method: 'POST',
  path: '/logout',
  authentication: 'bearer',
  input: { accessToken },
  output: {},
})

export type GetRoleCredentialsInput = Input<typeof getRoleCredentials>
export type GetRoleCredentialsOutput = Output<typeof getRoleCredentials>
export type ListAccountsInput = Input<typeof listAccounts>
export type ListAccountsOutput = Output<typeof listAccounts>
export type ListAccountRolesInput = Input<typeof listAccountRoles>
export type ListAccountRolesOutput = Output<typeof listAccountRoles>
export type LogoutInput = Input<typeof logout>
export type LogoutOutput = Output<typeof logout>
