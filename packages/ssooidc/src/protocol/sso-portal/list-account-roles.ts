/** ListAccountRoles: as what the person may go there, page by page. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html */
import { type Input, type Output, wire } from '../operation.ts'
import { list, optional, query, string, structure } from '../shape.ts'
import { accessToken, maxResults, nextToken } from './members.ts'

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

export type ListAccountRolesInput = Input<typeof listAccountRoles>
export type ListAccountRolesOutput = Output<typeof listAccountRoles>
