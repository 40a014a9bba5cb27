/**
 * Applications, the issuers that they trust, resource servers, and what their sessions and the directory's readers ask of
 * storage: one part of the contract in `storage.ts`.
 */
import type { AuditEvent, NewSession, Session, User } from './storage.ts'

/**
 * A program that gets tokens for people who are signed in elsewhere, or at us. Whoever asks in its name with AWS's operation
 * signs the request, and `actors` says who may; at the standard endpoints it has a secret, which is stored nowhere.
 */
export type Application = {
  /** `apl-` + 16 hexadecimal digits. */
  id: string
} & OrganizationApplication

/** An application, as an organization describes it: everything by name. */
export type OrganizationApplication = {
  name: string
  /** The grants that it may use, spelled as on the wire. */
  grants: readonly string[]
  /** Of the authorization code grant. */
  redirectUris: readonly string[]
  /** Where people may be sent back to after signing out. Only there when it is not empty. */
  postLogoutRedirectUris?: readonly string[]
  /** What its tokens may be for. A token of another client can be exchanged when it has one of these. */
  scopes: readonly string[]
  actors: readonly Actor[]
  /** Whose assertions it may exchange, and which audiences those must name. */
  trustedTokenIssuers: readonly { name: string; audiences: readonly string[] }[]
  /** Whether only people who are assigned to it may use it. */
  assignmentRequired: boolean
  assignments: readonly { user: string | null; group: string | null }[]
  idTokenAlgorithm: 'ES256' | 'RS256'
}

/** Who may ask in an application's name: the holders of a role, or of a configured access key. */
export type Actor =
  | { account: string; permissionSet: string; accessKey: null }
  | { account: null; permissionSet: null; accessKey: string }

/** An issuer of assertions about people of the directory. */
export type TrustedTokenIssuer = {
  /** UUID. */
  id: string
} & OrganizationTokenIssuer

/** An issuer of assertions, as an organization describes it. */
export type OrganizationTokenIssuer = {
  name: string
  /** What its assertions say in `iss`, and where its discovery document is found. */
  issuerUrl: string
  /** The claim that says who the person is, such as `email`; members of objects after dots. */
  claimAttributePath: string
  /** The member of a person that the claim's value is compared with: `userName` or `emails.value`. */
  identityStoreAttributePath: string
  /** That it has verified every address that it writes, where it does not say so itself. Only there when it is true. */
  emailsAreVerified?: true
}

/** A service that is shown access tokens which other programs were given, and asks what they are for. */
export type ResourceServer = {
  /** UUID. */
  id: string
} & OrganizationResourceServer

/** A resource server, as an organization describes it. */
export type OrganizationResourceServer = {
  /** Its client id, too. */
  name: string
  /** It is told of tokens that have one of these, and of these scopes only. */
  scopes: readonly string[]
}

/** What an application's session begins with, beside what its creation decides. */
export type SessionOwner = Pick<
  Session,
  'userId' | 'authenticatedAt' | 'amr' | 'clientHash' | 'clientName' | 'scopes'
> &
  Partial<Pick<Session, 'proximity'>>

/** A group of the directory. */
export type Group = { id: string; displayName: string }

/** That somebody is in a group. */
export type Membership = { groupId: string; userId: string }

/** One page: what has an id greater than `after`, in the order of ids, at most `limit`. */
export type Page = { after: string; limit: number }

/** What applications, and the readers of the directory, ask. */
export interface ApplicationTransitions {
  /** Every application, every issuer and every resource server, by name. */
  readApplications(input: Record<never, never>): {
    applications: readonly Application[]
    trustedTokenIssuers: readonly TrustedTokenIssuer[]
    resourceServers: readonly ResourceServer[]
  }
  /**
   * Makes a session. With an assertion, only if nobody used it before: of any number of callers at once, exactly one gets
   * the session and the others undefined. The key is remembered until `expiresAt`, when the assertion itself is over.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7523#section-3 on `jti`
   */
  beginApplicationSession(input: {
    session: NewSession
    owner: SessionOwner
    assertion: { key: string; expiresAt: number } | null
    audit: AuditEvent
  }): Session | undefined
  /** The people with this email address, without regard to the case of ASCII letters; at most two, which is one too many. */
  findUsersByEmail(input: { email: string }): readonly User[]

  // The directory, read in pages

  listUsers(input: Page): readonly User[]
  listGroups(input: Page): readonly Group[]
  findGroup(input: { id: string }): Group | undefined
  findGroupByName(input: { displayName: string }): Group | undefined
  /** Who is in a group, in the order of user ids. */
  listMembers(input: Page & { groupId: string }): readonly Membership[]
  /** The groups that somebody is in, in the order of group ids. */
  listGroupsOf(input: Page & { userId: string }): readonly Membership[]
  isMember(input: Membership): boolean
}
