/** GetRoleCredentials: a role becomes credentials. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
import { type Input, type Output, wire } from '../operation.ts'
import { integer, query, secret, string, structure } from '../shape.ts'
import { accessToken } from './members.ts'

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

export type GetRoleCredentialsInput = Input<typeof getRoleCredentials>
export type GetRoleCredentialsOutput = Output<typeof getRoleCredentials>
