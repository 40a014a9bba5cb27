/** Words about identitystore. Facts from the service model, sentences our own. */
import type { ServiceDocs } from 'ssooidc/protocol/docs'
import type { identityStore } from './identity-store.ts'
import type * as errors from './identity-store-errors.ts'

const aws = 'https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference'

const store = { IdentityStoreId: 'The directory: `d-` and ten hexadecimal digits. An instance has one.' }
const paging = {
  MaxResults: 'How many at most, up to 100.',
  NextToken: 'Where the last page ended. Left out, the list begins at its beginning.',
}
const nextToken = { NextToken: 'Where the next page begins; left out on the last one.' }
const userId = 'The person’s id, a UUID that never changes.'
const groupId = 'The group’s id, a UUID that never changes.'
const membershipId = 'The membership’s id, which follows from the person and the group.'
const member = { text: 'Who it is about.', members: { UserId: userId } }
const filters = (attribute: string) => ({
  Filters: {
    text: 'At most one condition.',
    members: {
      AttributePath: `What is compared: \`${attribute}\`.`,
      AttributeValue: 'The value that it must have.',
    },
  },
})
const alternate = (attributes: string) => ({
  AlternateIdentifier: {
    text: 'Another name: exactly one of the two.',
    members: {
      ExternalId: {
        text: 'An id of another directory. This one keeps none, so nobody is found by it.',
        members: { Issuer: 'The other directory.', Id: 'The id there.' },
      },
      UniqueAttribute: {
        text: 'A member that only one has.',
        members: { AttributePath: `Which: ${attributes}.`, AttributeValue: 'Its value, a text.' },
      },
    },
  },
})
const user = {
  ...store,
  UserId: userId,
  UserName: 'What the person signs in as.',
  Name: {
    text: 'The parts of the name.',
    members: { Formatted: 'The whole name.', FamilyName: 'The family name.', GivenName: 'The given name.' },
  },
  DisplayName: 'What the person is called.',
  Emails: {
    text: 'The email address, if one is known.',
    members: { Value: 'The address.', Type: 'Always `work`.', Primary: 'Always true: there is only one.' },
  },
  UserStatus: 'Whether the person may sign in.',
}
const group = { ...store, GroupId: groupId, DisplayName: 'The group’s name, which is unique.' }
const membership = { ...store, MembershipId: membershipId, GroupId: groupId, MemberId: member }
const see = (name: string) => [`${aws}/API_${name}.html`]

export const identityStoreDocs: ServiceDocs<typeof identityStore, typeof errors> = {
  text: 'Lets programs read the directory: people, groups, and who is in which. The caller’s role must be of a permission set that is for administrators.',
  see: [`${aws}/welcome.html`],
  operations: {
    describeUser: {
      text: 'What the directory says about a person.',
      see: see('DescribeUser'),
      input: { ...store, UserId: userId },
      output: user,
    },
    describeGroup: {
      text: 'What the directory says about a group.',
      see: see('DescribeGroup'),
      input: { ...store, GroupId: groupId },
      output: group,
    },
    describeGroupMembership: {
      text: 'Who is in which group, by the id of that fact.',
      see: see('DescribeGroupMembership'),
      input: { ...store, MembershipId: membershipId },
      output: membership,
    },
    getUserId: {
      text: 'Finds a person by user name or email address.',
      see: see('GetUserId'),
      input: { ...store, ...alternate('`userName` or `emails.value`') },
      output: { ...store, UserId: userId },
    },
    getGroupId: {
      text: 'Finds a group by name.',
      see: see('GetGroupId'),
      input: { ...store, ...alternate('`displayName`') },
      output: { ...store, GroupId: groupId },
    },
    getGroupMembershipId: {
      text: 'The id of the fact that somebody is in a group.',
      see: see('GetGroupMembershipId'),
      input: { ...store, GroupId: groupId, MemberId: member },
      output: { ...store, MembershipId: membershipId },
    },
    isMemberInGroups: {
      text: 'Whether somebody is in each of these groups.',
      see: see('IsMemberInGroups'),
      input: { ...store, MemberId: member, GroupIds: 'Up to a hundred groups.' },
      output: {
        Results: {
          text: 'One answer for each group, in the order in which they were asked for.',
          members: { GroupId: groupId, MemberId: member, MembershipExists: 'Whether the person is in the group.' },
        },
      },
    },
    listUsers: {
      text: 'Everybody, or whoever has a user name.',
      see: see('ListUsers'),
      input: { ...store, ...paging, ...filters('UserName') },
      output: { Users: { text: 'People, in the order of their ids.', members: user }, ...nextToken },
    },
    listGroups: {
      text: 'Every group, or the one with a name.',
      see: see('ListGroups'),
      input: { ...store, ...paging, ...filters('DisplayName') },
      output: { Groups: { text: 'Groups, in the order of their ids.', members: group }, ...nextToken },
    },
    listGroupMemberships: {
      text: 'Who is in a group.',
      see: see('ListGroupMemberships'),
      input: { ...store, GroupId: groupId, ...paging },
      output: { GroupMemberships: { text: 'One for each person.', members: membership }, ...nextToken },
    },
    listGroupMembershipsForMember: {
      text: 'Which groups somebody is in.',
      see: see('ListGroupMembershipsForMember'),
      input: { ...store, MemberId: member, ...paging },
      output: { GroupMemberships: { text: 'One for each group.', members: membership }, ...nextToken },
    },
  },
  errors: {
    ResourceNotFoundException: {
      text: 'There is no such person, group, membership or directory; the members say which.',
    },
    ValidationException: { text: 'A member is missing, malformed or out of bounds; the message names it.' },
    AccessDeniedException: {
      text: 'The role that signed may not read the directory, or is not the person’s any more.',
    },
    ThrottlingException: { text: 'A limit was reached. Try again after the seconds in `Retry-After`.' },
    InternalServerException: {
      text: 'Something failed inside the server. Try again; the request id finds it in the log.',
    },
    MissingAuthenticationTokenException: { text: 'The request is not signed.' },
    IncompleteSignatureException: { text: 'The signature cannot be read, or leaves out what must be signed.' },
    UnrecognizedClientException: {
      text: 'Nobody holds the access key that signed, or not with this session token, or the session behind it has ended.',
    },
    InvalidSignatureException: {
      text: 'The signature is of another secret, scope or moment, or the request changed on its way.',
    },
    ExpiredTokenException: { text: 'The credentials that signed have expired. Get new ones.' },
    UnknownOperationException: { text: 'The target names no operation of this service.' },
    MethodNotAllowedException: { text: 'Operations are called with POST.' },
    RequestTooLargeException: { text: 'The body or the headers are larger than the server reads.' },
    ServiceUnavailableException: { text: 'The server cannot answer now. Nothing was decided; try again.' },
  },
}
