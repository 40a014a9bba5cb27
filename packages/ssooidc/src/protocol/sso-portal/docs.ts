/** Words about the access portal. Facts from the service model, sentences our own. */
import type { ServiceDocs } from '../docs.ts'
import type * as errors from './errors.ts'
import type { ssoPortal } from './index.ts'

const aws = 'https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference'

const accessToken = 'The access token that CreateToken gave.'
const nextToken = 'Where the next page begins: the token of the previous answer.'
const maxResults = 'The most entries to put into one page.'
const following = 'Present when there is another page.'

export const ssoPortalDocs: ServiceDocs<typeof ssoPortal, typeof errors> = {
  text: 'What the holder of an access token may reach: accounts, their roles, and credentials for them.',
  see: [`${aws}/Welcome.html`],
  operations: {
    getRoleCredentials: {
      text: 'Gives short-lived AWS credentials for a role that the person is assigned.',
      see: [`${aws}/API_GetRoleCredentials.html`],
      input: {
        roleName: 'The name of the permission set, as ListAccountRoles says it.',
        accountId: 'The twelve digits of the account.',
        accessToken,
      },
      output: {
        roleCredentials: {
          text: 'The credentials.',
          members: {
            accessKeyId: 'Names the key in a signature.',
            secretAccessKey: 'Signs requests; never sent.',
            sessionToken: 'Goes with every signed request as `X-Amz-Security-Token`.',
            expiration: 'When the credentials end, in epoch milliseconds.',
          },
        },
      },
    },
    listAccounts: {
      text: 'Lists the accounts in which the person has any role.',
      see: [`${aws}/API_ListAccounts.html`],
      input: { nextToken, maxResults, accessToken },
      output: {
        nextToken: following,
        accountList: {
          text: 'The accounts of this page.',
          members: {
            accountId: 'The twelve digits of the account.',
            accountName: 'What the organization calls it.',
            emailAddress: 'The address that the account was made with.',
          },
        },
      },
    },
    listAccountRoles: {
      text: 'Lists the roles that the person has in one account.',
      see: [`${aws}/API_ListAccountRoles.html`],
      input: { nextToken, maxResults, accessToken, accountId: 'The twelve digits of the account.' },
      output: {
        nextToken: following,
        roleList: {
          text: 'The roles of this page.',
          members: {
            roleName: 'The name of the permission set; what GetRoleCredentials takes.',
            accountId: 'The account that the role is in.',
          },
        },
      },
    },
    logout: {
      text: 'Ends the session that the access token belongs to. Role credentials already given may live on until they expire.',
      see: [`${aws}/API_Logout.html`],
      input: { accessToken },
      output: {},
    },
  },
  errors: {
    InvalidRequestException: { text: 'A member is missing, malformed or out of bounds; the message names it.' },
    UnauthorizedException: { text: 'The access token is missing, expired or revoked. Sign in again.' },
    ForbiddenException: {
      text: 'The person is not assigned this role in this account. The token is still good. Not in the service model; the real portal answers it.',
    },
    ResourceNotFoundException: { text: 'What was asked for does not exist.' },
    UnknownOperationException: { text: 'No operation has this path.' },
    MethodNotAllowedException: { text: 'An operation has this path, with another method.' },
    RequestTooLargeException: { text: 'The headers are larger than the server reads.' },
    TooManyRequestsException: { text: 'A limit was reached. Try again after the seconds in `Retry-After`.' },
    InternalServerException: {
      text: 'Something failed inside the server. Try again; the request id finds it in the log.',
    },
    ServiceUnavailableException: { text: 'The server cannot answer now. Nothing was decided; try again.' },
  },
}
