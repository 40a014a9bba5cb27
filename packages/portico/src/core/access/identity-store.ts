/**
 * The directory, as programs read it: people, groups, and who is in which. Only a role of a permission set for administrators
 * may, and only while its person has it.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/welcome.html
 */
import type { Input } from 'ssooidc/protocol'
import type * as contract from '../../protocol/identity-store.ts'
import type {
  AlternateIdentifierInput,
  GroupOutput,
  MembershipOutput,
  UserOutput,
} from '../../protocol/identity-store.ts'
import {
  AccessDeniedException,
  ResourceNotFoundException,
  ValidationException,
} from '../../protocol/identity-store-errors.ts'
import type { Group, Membership, User } from '../../storage/storage.ts'
import type { Deps } from '../deps.ts'
import { sha256 } from '../keys/random.ts'
import type { SignedBy } from './sts.ts'

type Asked<Name extends keyof typeof contract.identityStore.operations> = Input<
  (typeof contract.identityStore.operations)[Name]
>

const LONGEST_PAGE = 100

/** What reading begins with: this is our directory, and whoever signed may read it. */
export async function authorizeReader(
  deps: Deps,
  { IdentityStoreId }: { IdentityStoreId: string },
  { principal }: SignedBy,
  now: number,
): Promise<void> {
  const reach = principal.kind === 'role' ? await deps.access.of(principal.userId, now) : undefined
  const role = reach?.entitlements.find(
    ({ accountId, permissionSetId }) =>
      principal.kind === 'role' && accountId === principal.accountId && permissionSetId === principal.permissionSetId,
  )
  if (!role?.administrator)
    throw new AccessDeniedException('Only a role of a permission set for administrators may read the directory.')
  if (IdentityStoreId !== deps.instance.identityStoreId) throw notFound('IDENTITY_STORE', IdentityStoreId)
}

export async function describeUser(deps: Deps, { UserId }: Asked<'describeUser'>): Promise<UserOutput> {
  return toUser(deps, await userWith(deps, UserId))
}

export async function describeGroup(deps: Deps, { GroupId }: Asked<'describeGroup'>): Promise<GroupOutput> {
  return toGroup(deps, await groupWith(deps, GroupId))
}

/** Its id says nothing about whom and what it ties, so it is looked for group by group. */
export async function describeGroupMembership(
  deps: Deps,
  { MembershipId }: Asked<'describeGroupMembership'>,
): Promise<MembershipOutput> {
  const { storage } = deps
  for await (const { id: groupId } of everything((after) => storage.listGroups({ after, limit: LONGEST_PAGE }), idOf)) {
    const members = everything((after) => storage.listMembers({ groupId, after, limit: LONGEST_PAGE }), userIdOf)
    for await (const membership of members)
      if (membershipIdOf(membership) === MembershipId) return toMembership(deps, membership)
  }
  throw notFound('GROUP_MEMBERSHIP', MembershipId)
}

export async function getUserId(deps: Deps, input: Asked<'getUserId'>) {
  const { path, value } = uniqueAttribute(input)
  const { storage, instance } = deps
  const found =
    path === 'username'
      ? await storage.findUserByName({ userName: value }).then((user) => (user === undefined ? [] : [user]))
      : path === 'emails.value'
        ? await storage.findUsersByEmail({ email: value })
        : undefined
  if (found === undefined) throw new ValidationException('People are found by userName or emails.value.')
  const [user, ...others] = found
  if (user === undefined || others.length > 0) throw notFound('USER')
  return { IdentityStoreId: instance.identityStoreId, UserId: user.id }
}

export async function getGroupId({ storage, instance }: Deps, input: Asked<'getGroupId'>) {
  const { path, value } = uniqueAttribute(input)
  if (path !== 'displayname') throw new ValidationException('Groups are found by displayName.')
  const group = await storage.findGroupByName({ displayName: value })
  if (group === undefined) throw notFound('GROUP')
  return { IdentityStoreId: instance.identityStoreId, GroupId: group.id }
}

export async function getGroupMembershipId(
  { storage, instance }: Deps,
  { GroupId, MemberId: { UserId } }: Asked<'getGroupMembershipId'>,
) {
  const membership = { groupId: GroupId, userId: UserId }
  if (!(await storage.isMember(membership))) throw notFound('GROUP_MEMBERSHIP')
  return { IdentityStoreId: instance.identityStoreId, MembershipId: membershipIdOf(membership) }
}

export async function isMemberInGroups(deps: Deps, { MemberId, GroupIds }: Asked<'isMemberInGroups'>) {
  const { id: userId } = await userWith(deps, MemberId.UserId)
  const Results = []
  for (const GroupId of GroupIds) {
    await groupWith(deps, GroupId)
    const MembershipExists = await deps.storage.isMember({ groupId: GroupId, userId })
    Results.push({ GroupId, MemberId, MembershipExists })
  }
  return { Results }
}

export async function listUsers(deps: Deps, input: Asked<'listUsers'>) {
  const userName = filterOf(input, 'UserName')
  if (userName !== undefined) {
    const user = await deps.storage.findUserByName({ userName })
    return { Users: user === undefined ? [] : [toUser(deps, user)] }
  }
  const { items, NextToken } = await pageOf(deps, 'users', input, idOf, (page) => deps.storage.listUsers(page))
  return { Users: items.map((user) => toUser(deps, user)), NextToken }
}

export async function listGroups(deps: Deps, input: Asked<'listGroups'>) {
  const displayName = filterOf(input, 'DisplayName')
  if (displayName !== undefined) {
    const group = await deps.storage.findGroupByName({ displayName })
    return { Groups: group === undefined ? [] : [toGroup(deps, group)] }
  }
  const { items, NextToken } = await pageOf(deps, 'groups', input, idOf, (page) => deps.storage.listGroups(page))
  return { Groups: items.map((group) => toGroup(deps, group)), NextToken }
}

export async function listGroupMemberships(deps: Deps, input: Asked<'listGroupMemberships'>) {
  const { id: groupId } = await groupWith(deps, input.GroupId)
  const { items, NextToken } = await pageOf(deps, `members ${groupId}`, input, userIdOf, (page) =>
    deps.storage.listMembers({ ...page, groupId }),
  )
  return { GroupMemberships: items.map((membership) => toMembership(deps, membership)), NextToken }
}

export async function listGroupMembershipsForMember(deps: Deps, input: Asked<'listGroupMembershipsForMember'>) {
  const { id: userId } = await userWith(deps, input.MemberId.UserId)
  const { items, NextToken } = await pageOf(deps, `groups ${userId}`, input, groupIdOf, (page) =>
    deps.storage.listGroupsOf({ ...page, userId }),
  )
  return { GroupMemberships: items.map((membership) => toMembership(deps, membership)), NextToken }
}

// ── What records look like on the wire ───────────────────────────────────────────────────────────────────────────────

function toUser({ instance }: Deps, user: User): UserOutput {
  const { givenName, familyName, email } = user
  const name = { GivenName: givenName ?? undefined, FamilyName: familyName ?? undefined }
  return {
    IdentityStoreId: instance.identityStoreId,
    UserId: user.id,
    UserName: user.userName,
    DisplayName: user.displayName,
    Name: givenName === null && familyName === null ? undefined : name,
    Emails: email === null ? undefined : [{ Value: email, Type: 'work', Primary: true }],
    UserStatus: user.enabled ? 'ENABLED' : 'DISABLED',
  }
}

function toGroup({ instance }: Deps, { id, displayName }: Group): GroupOutput {
  return { IdentityStoreId: instance.identityStoreId, GroupId: id, DisplayName: displayName }
}

function toMembership({ instance }: Deps, membership: Membership): MembershipOutput {
  return {
    IdentityStoreId: instance.identityStoreId,
    MembershipId: membershipIdOf(membership),
    GroupId: membership.groupId,
    MemberId: { UserId: membership.userId },
  }
}

/** A UUID of version 8 that follows from both ends. @see https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
function membershipIdOf({ groupId, userId }: Membership): string {
  const hex = Buffer.from(sha256(`membership/${groupId}/${userId}`), 'base64url').toString('hex')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5')
}

// ── Finding and paging ───────────────────────────────────────────────────────────────────────────────────────────────

const idOf = ({ id }: { id: string }) => id
const userIdOf = ({ userId }: Membership) => userId
const groupIdOf = ({ groupId }: Membership) => groupId

async function userWith({ storage }: Deps, id: string): Promise<User> {
  const user = await storage.findUser({ id })
  if (user === undefined) throw notFound('USER', id)
  return user
}

async function groupWith({ storage }: Deps, id: string): Promise<Group> {
  const group = await storage.findGroup({ id })
  if (group === undefined) throw notFound('GROUP', id)
  return group
}

function uniqueAttribute({ AlternateIdentifier }: AlternateIdentifierInput): { path: string; value: string } {
  const { ExternalId, UniqueAttribute } = AlternateIdentifier
  if ((ExternalId === undefined) === (UniqueAttribute === undefined))
    throw new ValidationException('AlternateIdentifier holds exactly one of ExternalId and UniqueAttribute.')
  if (UniqueAttribute === undefined) throw notFound('USER')
  const { AttributePath, AttributeValue } = UniqueAttribute
  return { path: AttributePath.toLowerCase(), value: AttributeValue }
}

function filterOf({ Filters = [] }: Asked<'listUsers'>, attribute: string): string | undefined {
  const [filter] = Filters
  if (filter !== undefined && filter.AttributePath.toLowerCase() !== attribute.toLowerCase())
    throw new ValidationException(`This list is filtered by ${attribute} only.`)
  return filter?.AttributeValue
}

type PagingClaims = { list: string; after: string }

async function pageOf<Item>(
  { sealer }: Deps,
  list: string,
  { MaxResults = LONGEST_PAGE, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
  keyOf: (item: Item) => string,
  read: (page: { after: string; limit: number }) => Promise<readonly Item[]>,
): Promise<{ items: readonly Item[]; NextToken: string | undefined }> {
  const claims = NextToken === undefined ? { list, after: '' } : sealer.open<PagingClaims>('paging', NextToken)
  if (claims === undefined || claims.list !== list)
    throw new ValidationException('NextToken is not one that this list gave.')
  // One more than asked for says whether there are more.
  const found = await read({ after: claims.after, limit: MaxResults + 1 })
  const items = found.slice(0, MaxResults)
  const last = items.at(-1)
  const next: PagingClaims = { list, after: last === undefined ? '' : keyOf(last) }
  return { items, NextToken: found.length > items.length ? sealer.seal('paging', next) : undefined }
}

/** Every item, page by page. */
async function* everything<Item>(read: (after: string) => Promise<readonly Item[]>, keyOf: (item: Item) => string) {
  let after = ''
  for (;;) {
    const items = await read(after)
    yield* items
    const last = items.at(-1)
    if (last === undefined) return
    after = keyOf(last)
  }
}

function notFound(ResourceType: 'GROUP' | 'USER' | 'IDENTITY_STORE' | 'GROUP_MEMBERSHIP', ResourceId?: string): Error {
  const what = ResourceType.toLowerCase().replace('_', ' ')
  return new ResourceNotFoundException(`There is no such ${what}.`, { members: { ResourceType, ResourceId } })
}
