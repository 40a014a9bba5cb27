/** Words about sts. Facts from the service model, sentences our own. */
import type { ServiceDocs } from 'ssooidc/protocol/docs'

import type { sts } from './sts.ts'
import type * as errors from './sts-errors.ts'

const aws = 'https://docs.aws.amazon.com/STS/latest/APIReference'

export const stsDocs: ServiceDocs<typeof sts, typeof errors> = {
  text: 'Says whose role credentials signed a request.',
  see: [`${aws}/welcome.html`],
  operations: {
    getCallerIdentity: {
      text: 'Names the account, the role and the person behind the credentials that sign the request. Needs no permission.',
      see: [`${aws}/API_GetCallerIdentity.html`],
      input: {},
      output: {
        Arn: 'The role in use, ending in the person’s user name.',
        UserId: 'An id of the role that never changes, a colon, and the user name.',
        Account: 'The account that the role is in.',
      },
    },
  },
  errors: {
    MissingAuthenticationToken: { text: 'The request is not signed.' },
    IncompleteSignature: { text: 'The signature cannot be read, or leaves out what must be signed.' },
    InvalidClientTokenId: {
      text: 'Nobody holds the access key that signed, or not with this session token, or the session behind it has ended.',
    },
    SignatureDoesNotMatch: {
      text: 'The signature is of another secret, scope or moment, or the request changed on its way.',
    },
    ExpiredToken: { text: 'The credentials that signed have expired. Get new ones.' },
    AccessDenied: { text: 'The caller is known and may not do this.' },
    InvalidAction: { text: 'The service has no such action in this version.' },
    ValidationError: { text: 'The body is not a form, or a parameter is missing, malformed or given twice.' },
    MethodNotAllowed: { text: 'Actions are called with POST.' },
    RequestEntityTooLarge: { text: 'The body or the headers are larger than the server reads.' },
    Throttling: { text: 'A limit was reached. Try again after the seconds in `Retry-After`.' },
    InternalFailure: { text: 'Something failed inside the server. Try again; the request id finds it in the log.' },
    ServiceUnavailable: { text: 'The server cannot answer now. Nothing was decided; try again.' },
  },
}
