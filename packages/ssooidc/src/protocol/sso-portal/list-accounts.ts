/** ListAccounts: where the person may go, page by page. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html */
import { type Input, type Output, wire } from '../operation.ts'
import { bounded, list, optional, string, structure } from '../shape.ts'
import { accessToken, maxResults, nextToken } from './members.ts'

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

export type ListAccountsInput = Input<typeof listAccounts>
export type ListAccountsOutput = Output<typeof listAccounts>
