/**
 * `identitystore`, API version 2020-06-15: the directory, read by programs. The eleven operations that read; what changes the
 * directory is the organization file.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/welcome.html
 */
import { type Input, type Members, type Output, operation, service, shapes } from 'ssooidc/protocol'
import {
  AccessDeniedException,
  ExpiredTokenException,
  IncompleteSignatureException,
  InternalServerException,
  InvalidSignatureException,
  MethodNotAllowedException,
  MissingAuthenticationTokenException,
  RequestTooLargeException,
  ResourceNotFoundException,
  ServiceUnavailableException,
  ThrottlingException,
  UnknownOperationException,
  UnrecognizedClientException,
  ValidationException,
} from './identity-store-errors.ts'

const { boolean, bounded, integer, list, oneOf, optional, string, structure } = shapes

const id = bounded({ min: 1, max: 47 }, string())
const store = { IdentityStoreId: bounded({ min: 1, max: 36 }, string()) } as const
const paging = {
  MaxResults: optional(bounded({ min: 1, max: 100 }, integer())),
  NextToken: optional(bounded({ min: 1, max: 65_535 }, string())),
} as const
const nextToken = { NextToken: optional(string()) } as const
const path = bounded({ min: 1, max: 255 }, string())
const filters = {
  Filters: optional(
    bounded(
      { max: 1 },
      list(structure({ AttributePath: path, AttributeValue: bounded({ min: 1, max: 1024 }, string()) })),
    ),
  ),
} as const
const alternate = {
  AlternateIdentifier: structure({
    ExternalId: optional(
      structure({ Issuer: bounded({ min: 1, max: 256 }, string()), Id: bounded({ min: 1, max: 256 }, string()) }),
    ),
    UniqueAttribute: optional(structure({ AttributePath: path, AttributeValue: string() })),
  }),
} as const
const member = { MemberId: structure({ UserId: id }) } as const

const user = {
  ...store,
  UserId: id,
  UserName: optional(string()),
  Name: optional(
    structure({ Formatted: optional(string()), FamilyName: optional(string()), GivenName: optional(string()) }),
  ),
  DisplayName: optional(string()),
  Emails: optional(
    list(structure({ Value: optional(string()), Type: optional(string()), Primary: optional(boolean()) })),
  ),
  UserStatus: optional(oneOf('ENABLED', 'DISABLED')),
} as const
const group = { ...store, GroupId: id, DisplayName: optional(string()) } as const
const membership = { ...store, MembershipId: id, GroupId: id, ...member } as const

const errors = [
  ResourceNotFoundException,
  ThrottlingException,
  AccessDeniedException,
  InternalServerException,
  ValidationException,
] as const

const reading = <const I extends Members, const O extends Members>(name: string, input: I, output: O) =>
  operation({
    name,
    method: 'POST',
    path: '/',
    authentication: 'sigv4',
    repeatable: true,
    input: { ...store, ...input },
    output,
    errors,
  })

export const describeUser = reading('DescribeUser', { UserId: id }, user)
export const describeGroup = reading('DescribeGroup', { GroupId: id }, group)
export const describeGroupMembership = reading('DescribeGroupMembership', { MembershipId: id }, membership)
export const getUserId = reading('GetUserId', alternate, { ...store, UserId: id })
export const getGroupId = reading('GetGroupId', alternate, { ...store, GroupId: id })
export const getGroupMembershipId = reading(
  'GetGroupMembershipId',
  { GroupId: id, ...member },
  { ...store, MembershipId: id },
)
export const isMemberInGroups = reading(
  'IsMemberInGroups',
  { ...member, GroupIds: bounded({ min: 1, max: 100 }, list(id)) },
  { Results: list(structure({ GroupId: id, ...member, MembershipExists: boolean() })) },
)
export const listUsers = reading('ListUsers', { ...paging, ...filters }, { Users: list(structure(user)), ...nextToken })
export const listGroups = reading(
  'ListGroups',
  { ...paging, ...filters },
  { Groups: list(structure(group)), ...nextToken },
)
export const listGroupMemberships = reading(
  'ListGroupMemberships',
  { GroupId: id, ...paging },
  { GroupMemberships: list(structure(membership)), ...nextToken },
)
export const listGroupMembershipsForMember = reading(
  'ListGroupMembershipsForMember',
  { ...member, ...paging },
  { GroupMemberships: list(structure(membership)), ...nextToken },
)

export const identityStore = service({
  name: 'identitystore',
  serviceId: 'identitystore',
  apiVersion: '2020-06-15',
  endpointPrefix: 'identitystore',
  signingName: 'identitystore',
  targetPrefix: 'AWSIdentityStore',
  dialect: 'awsJson1_1',
  errorBody: 'message',
  errorNamespace: '',
  operations: {
    describeUser,
    describeGroup,
    describeGroupMembership,
    getUserId,
    getGroupId,
    getGroupMembershipId,
    isMemberInGroups,
    listUsers,
    listGroups,
    listGroupMemberships,
    listGroupMembershipsForMember,
  },
  edge: {
    malformed: ValidationException,
    unauthenticated: MissingAuthenticationTokenException,
    forbidden: AccessDeniedException,
    unknownOperation: UnknownOperationException,
    methodNotAllowed: MethodNotAllowedException,
    tooLarge: RequestTooLargeException,
    tooManyRequests: ThrottlingException,
    unavailable: ServiceUnavailableException,
    internal: InternalServerException,
  },
  signature: {
    missing: MissingAuthenticationTokenException,
    incomplete: IncompleteSignatureException,
    'unknown-access-key': UnrecognizedClientException,
    mismatch: InvalidSignatureException,
    'clock-skew': InvalidSignatureException,
    'expired-credentials': ExpiredTokenException,
  },
})

export type UserOutput = Output<typeof describeUser>
export type GroupOutput = Output<typeof describeGroup>
export type MembershipOutput = Output<typeof describeGroupMembership>
export type AlternateIdentifierInput = Input<typeof getUserId>
export type ListInput = Input<typeof listUsers>
