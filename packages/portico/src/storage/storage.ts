/**
 * The first door to the outside: what Portico remembers, and the only ways in which it may change.
 *
 * A member of `Transitions` is a transition, not a query: one atomic step that says who wins when two callers meet. Its
 * comment is the contract; `conformance/` is that contract made executable and every engine passes it. There is no
 * `update(partial)`, no `where`, no transaction handle. Time is always a parameter, in epoch milliseconds. Expiry is
 * checked here at read, always; sweeping is housekeeping. What expires is gone at `expiresAt`; a window of some milliseconds
 * is open up to and including its last.
 *
 * A transition that rejects has changed nothing, with one exception that `onChange` names. One that resolves is durable.
 *
 * Not its job: rules. What a person may do, how long a token lives and what an error is called is decided in `core`.
 */
import type { AdministrationTransitions } from './administration.ts'
import type {
  ApplicationTransitions,
  OrganizationApplication,
  OrganizationResourceServer,
  OrganizationTokenIssuer,
} from './applications.ts'
import type { AuditLogTransitions } from './audit-log.ts'
import type { DistantDevice, DistantDeviceTransitions } from './distant-devices.ts'
import type { FactorTransitions } from './factors.ts'
import type { KeyTransitions } from './keys.ts'

export type {
  Actor as ApplicationActor,
  Application,
  Group,
  Membership,
  OrganizationApplication,
  OrganizationResourceServer,
  OrganizationTokenIssuer,
  ResourceServer,
  TrustedTokenIssuer,
} from './applications.ts'
export type { DistantDevice } from './distant-devices.ts'
export type {
  ChosenCredentials,
  FactorRemoval,
  Factors,
  Passkey,
  PersonLink,
  Removal,
  Totp,
} from './factors.ts'

// ── Records ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The one Identity Center that a data folder holds. */
export type Instance = {
  /** `ssoins-` + 16 hexadecimal digits. */
  instanceId: string
  /** `d-` + 10 hexadecimal digits. */
  identityStoreId: string
  createdAt: number
}

/** What a key may still do. @see docs/guide/security.md */
export type KeyState = 'published' | 'active' | 'verify-only' | 'retired'

/** A data key, wrapped by the root key, which is never in the database. */
export type WrappedKey = {
  /** Eight hexadecimal digits; unique over all purposes. */
  kid: string
  purpose: string
  /** Base64url of the wrapped key. */
  wrapped: string
  state: KeyState
  createdAt: number
  activeAt: number
}

/** A person of the directory. */
export type User = {
  /** UUID. */
  id: string
  /** Unique without regard to case; kept as written. */
  userName: string
  displayName: string
  givenName: string | null
  familyName: string | null
  email: string | null
  enabled: boolean
  /** PHC string of argon2id; null until a password is set. */
  passwordHash: string | null
  /** May open the admin console and set-up pages. */
  administrator: boolean
}

/** One role that a person has somewhere: a permission set, in one account, through one or more assignments. */
export type Entitlement = {
  accountId: string
  accountName: string
  emailAddress: string | null
  /** Which source of role credentials serves the account. */
  broker: string
  permissionSetId: string
  /** The permission set's name: what the portal API calls `roleName`. */
  roleName: string
  /** Seconds that role credentials live. */
  sessionDuration: number
  /** Whether role credentials are only for sessions of people who proved themselves with two factors. */
  requireSecondFactor: boolean
  /** Whether the role may read the directory. */
  administrator: boolean
  /** What the role demands of sessions that were approved for a device; null where the instance's word is enough. */
  deviceFlow: DeviceFlow | null
}

/** A group, as far as it says something about the people in it. */
export type GroupOfUser = { displayName: string; requireSecondFactor: boolean }

/** How a client got its tokens: `application` is one that vouched for the person, or exchanged another client's token. */
export type Flow = 'device' | 'code' | 'application'

/** Which devices may be signed in by a code. @see docs/guide/security.md */
export type DeviceFlow = 'off' | 'same-network' | 'step-up' | 'on'

/** Whether a device began its sign-in in the network of the person who approved it. */
export type Proximity = 'same' | 'other' | 'unknown'

/** A way in which somebody proved who they are. A passkey that stands alone was unlocked by its person: it is two factors. */
export type AuthenticationMethod = 'password' | 'passkey' | 'totp' | 'recovery-code'

/** Everything that somebody proved themselves with, in the order in which they did. */
export type Amr = readonly AuthenticationMethod[]

/** One attempt to sign a device in. @see https://www.rfc-editor.org/rfc/rfc8628 */
export type DeviceGrant = {
  id: string
  /** Keyed MAC of the normalised user code. The code itself is never stored. */
  userCodeMac: string
  /** SHA-256 of the client id, base64url. */
  clientHash: string
  /** What the client calls itself: attacker-chosen text. */
  clientName: string
  scopes: readonly string[]
  /** Where StartDeviceAuthorization came from. */
  address: string
  /** Whose address that is: all of one subscriber's are counted together. */
  subscriber: string
  userAgent: string
  createdAt: number
  expiresAt: number
  state: 'pending' | 'approved' | 'denied' | 'redeemed'
  /** Who decided, once somebody did. */
  userId: string | null
  decidedAt: number | null
  /** When the approver last proved who they are: the session inherits it. */
  authenticatedAt: number | null
  /** What the approver had proved themselves with: the session inherits it. */
  amr: Amr | null
  /** How near the approver was: the session inherits it. */
  proximity: Proximity | null
  /** The session made by redemption. */
  sessionId: string | null
  /** What the approval page offers to choose from, where the device shows a number: the first is that one. */
  numbers: readonly number[] | null
}

/** One attempt through the browser, between consent and the token endpoint. Lives 60 seconds. */
export type AuthorizationCode = {
  id: string
  clientHash: string
  clientName: string
  scopes: readonly string[]
  /** The redirect URI of the request, port included; the exchange must repeat it. */
  redirectUri: string
  /** S256 challenge. @see https://www.rfc-editor.org/rfc/rfc7636 */
  codeChallenge: string
  userId: string
  authenticatedAt: number
  amr: Amr
  createdAt: number
  expiresAt: number
}

/** What a client's tokens belong to. */
export type Session = {
  id: string
  userId: string
  clientHash: string
  clientName: string
  flow: Flow
  scopes: readonly string[]
  /** Counts refresh-token rotations. */
  generation: number
  rotatedAt: number
  authenticatedAt: number
  amr: Amr
  /** How near the device was to its approver; null where there was no device. */
  proximity: Proximity | null
  /** From where the client fetched its first tokens, and what it said it runs on. */
  address: string
  userAgent: string
  createdAt: number
  /** When a token was last fetched for it, or used as far as was noted. */
  lastUsedAt: number
  /** The absolute end: no token of the session outlives it. */
  expiresAt: number
  endedAt: number | null
  endReason: EndReason | null
}

/** Why a session ended before its time. */
export type EndReason =
  | 'logout'
  | 'account-page'
  | 'disowned'
  | 'refresh-token-reuse'
  | 'code-reuse'
  | 'administrator'
  | 'credential-change'

/** The members of a session that its creation decides. */
export type NewSession = Omit<
  Session,
  | 'generation'
  | 'rotatedAt'
  | 'endedAt'
  | 'endReason'
  | 'clientHash'
  | 'clientName'
  | 'scopes'
  | 'userId'
  | 'authenticatedAt'
  | 'amr'
  | 'proximity'
  | 'lastUsedAt'
>

/** A browser that a person signed in at. */
export type SignInSession = {
  /** SHA-256 of the cookie's secret, base64url: the cookie itself is never stored. */
  id: string
  userId: string
  authenticatedAt: number
  amr: Amr
  createdAt: number
  /** When the browser last asked for a page, as far as was noted. */
  lastUsedAt: number
  expiresAt: number
  address: string
  userAgent: string
}

/**
 * One line of the log that ends tokens before their time. Every node reads it in commit order; a token is refused when a
 * line's subject names it and it was issued at or before `notBefore`.
 */
export type Revocation = {
  /** Strictly increasing in commit order. */
  seq: number
  kind: 'session' | 'user' | 'client' | 'instance'
  /** Session id, user id, client hash, or '' for the instance. */
  subject: string
  notBefore: number
  /** After this no token that the line names is alive any more, so the line may be forgotten. */
  expiresAt: number
}

/**
 * Who did what, written in the same transaction as the change, and only when there was one. A session that is ended because
 * a code or refresh token was reused is written down as `EndSession`, with its id and the reason, in place of the event that
 * the caller gave.
 */
export type AuditEvent = {
  at: number
  /** `ApproveDevice`, `EndSession`, … */
  eventName: string
  /** Where a caller cannot know it yet and gives null, the user of the grant, code or session is filled in. */
  userId: string | null
  address: string | null
  userAgent: string | null
  /** JSON: what was done to what. Never a secret. */
  detail: Readonly<Record<string, unknown>>
}

/** Where a change came from, for its audit line. */
export type Actor = { userId: string | null; address: string | null; userAgent: string | null }

// ── The organization, as one value ───────────────────────────────────────────────────────────────────────────────────

/** Everything that the organization file describes, by name. Ids are the storage's own and survive a rename of nothing. */
export type Organization = {
  users: readonly OrganizationUser[]
  groups: readonly OrganizationGroup[]
  accounts: readonly { id: string; name: string; email: string | null; broker: string }[]
  permissionSets: readonly OrganizationPermissionSet[]
  assignments: readonly OrganizationAssignment[]
  /** Only there when there are any; so are issuers and resource servers. */
  applications?: readonly OrganizationApplication[]
  trustedTokenIssuers?: readonly OrganizationTokenIssuer[]
  resourceServers?: readonly OrganizationResourceServer[]
  settings: Readonly<Record<string, unknown>>
}

export type OrganizationUser = {
  userName: string
  displayName: string
  givenName: string | null
  familyName: string | null
  email: string | null
  groups: readonly string[]
  administrator: boolean
}

/** `requireSecondFactor` is only there when it is true. */
export type OrganizationGroup = { displayName: string; requireSecondFactor?: true }

/** `requireSecondFactor` is only there when it is true. */
export type OrganizationPermissionSet = {
  name: string
  sessionDuration: number
  administrator: boolean
  requireSecondFactor?: true
  /** Only there when the permission set says something of its own. */
  deviceFlow?: DeviceFlow
}

/** What applying an organization as the whole truth takes: what it does not name goes as well. */
export type Pruning = {
  /** Until when the revocations of what people who go had open are kept. */
  revokedUntil: number
  /** The client hashes of applications that go: the storage knows applications by other ids than their sessions do. */
  clientHashes: readonly string[]
}

/**
 * Of whom nobody could sign in any more, although somebody can now: people who administer, people with a role of a permission
 * set that is for administrators, or people of any kind.
 */
export type ShutOut = 'administrators' | 'administrator-roles' | 'everybody'

/** Either `user` or `group`, by name. */
export type OrganizationAssignment = {
  account: string
  permissionSet: string
  user: string | null
  group: string | null
}

// ── Transitions ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where an attempt is counted, and how many fit there within the window. */
export type AttemptBucket = { bucket: string; limit: number }

/** What became of a guess. */
export type Guess = { outcome: 'hit'; grant: DeviceGrant } | { outcome: 'miss' } | { outcome: 'too-many' }

/** What became of a redemption. `again` says that the same client repeated itself within its window. */
export type Redemption =
  | { outcome: 'redeemed'; session: Session; again: boolean }
  | { outcome: 'pending' | 'denied' | 'expired' | 'unknown' }

/** What became of an authorization code. `reused` has already ended the code's session. */
export type CodeRedemption =
  | { outcome: 'redeemed'; session: Session; again: boolean }
  | { outcome: 'mismatch' | 'expired' | 'reused' | 'unknown' }

/** What became of a refresh token. `reused` has already ended the session; `ahead` means a rolled-back database or a forgery. */
export type Rotation =
  | { outcome: 'reissued'; session: Session }
  | { outcome: 'rotated' | 'reused' | 'ended' | 'expired' | 'ahead' | 'unknown' }

/** Two spellings of a user name are the same name when their keys are equal. */
export const userNameKey = (userName: string): string => userName.normalize('NFKC').toLowerCase()

/** A refresh token as it is presented: by whom, which generation, and for how long one is given again. */
export type PresentedGeneration = { clientHash: string; generation: number; coalesce: number; now: number }

/**
 * What presenting a generation means to a session as it was read. The token of the generation before is still good for a
 * while, because stock clients race each other and lose replies; and a session rotates at most once in that while, so no
 * client falls two behind. Of many that read `rotated`, one rotates: `rotateSession` says which.
 */
export function rotationOf(session: Session | undefined, presented: PresentedGeneration): Rotation['outcome'] {
  if (session === undefined || session.clientHash !== presented.clientHash) return 'unknown'
  if (session.endedAt !== null) return 'ended'
  if (session.expiresAt <= presented.now) return 'expired'
  const age = presented.now - session.rotatedAt
  if (presented.generation > session.generation) return 'ahead'
  if (presented.generation === session.generation) return age >= presented.coalesce ? 'rotated' : 'reissued'
  return presented.generation === session.generation - 1 && age <= presented.coalesce ? 'reissued' : 'reused'
}

/** What a session that was read is once `rotateSession` has rotated it: nothing else of it moves. */
export function rotated(session: Session, now: number): Session {
  return { ...session, generation: session.generation + 1, rotatedAt: now, lastUsedAt: now }
}

/** Every way to read or change what is remembered. All are asynchronous at the door; `Storage` is derived from this. */
export interface Transitions
  extends FactorTransitions,
    AdministrationTransitions,
    ApplicationTransitions,
    AuditLogTransitions,
    DistantDeviceTransitions,
    KeyTransitions {
  // The instance and its keys

  /** Writes the instance and its first keys. Of two first starts at once, the first stands; both get what stands. */
  initialize(input: { instance: Instance; keys: readonly WrappedKey[] }): Instance
  /** The instance, or undefined in a database that `initialize` has not seen. */
  readInstance(input: Record<never, never>): Instance | undefined
  /** Every key that is not retired. */
  readKeys(input: Record<never, never>): readonly WrappedKey[]
  /** Adds a key. Of two with one kid, the first stands. */
  addKey(input: { key: WrappedKey }): void

  // Device grants

  /** Stores a pending grant. `false` when a live grant has the same user code: the caller draws another. */
  startDeviceGrant(input: { grant: DeviceGrant; now: number }): boolean
  /**
   * Tries a guess at a user code, in one step: counts it in every bucket, looks for the grant that had one of these codes last
   * (whatever its state, expired or not, until it is swept), and takes the count back when there is one. When a bucket is
   * full already nothing is counted and nothing looked at: `too-many`. Of any number of guesses at once no more are looked
   * at than the limits say, and a hit stays counted nowhere, whatever dies meanwhile.
   */
  guessUserCode(input: {
    userCodeMacs: readonly string[]
    buckets: readonly AttemptBucket[]
    window: number
    now: number
  }): Guess
  /** The grant with this id, expired or not, until it is swept. */
  findDeviceGrant(input: { id: string }): DeviceGrant | undefined
  /** How many pending, unexpired grants this subscriber began, and how many there are in all. */
  countPendingDeviceGrants(input: { subscriber: string; now: number }): { ofSubscriber: number; total: number }
  /**
   * pending → approved | denied. Of two decisions at once, the first stands and the other gets false; a denial is final.
   * Writes its audit line in the same step.
   */
  decideDeviceGrant(input: {
    id: string
    decision: 'approve' | 'deny'
    userId: string
    authenticatedAt: number
    amr: Amr
    proximity: Proximity
    now: number
    audit: AuditEvent
  }): boolean
  /**
   * approved → redeemed, and makes the session that the grant becomes. Of any number of callers at once, exactly one makes
   * it; the same client gets the same session `again` for `repeatWithin` ms while it is at generation 0; later callers get
   * `unknown`. A grant of another client is `unknown`. A `distant` device is remembered in the same step.
   */
  redeemDeviceGrant(input: {
    id: string
    clientHash: string
    session: NewSession
    distant: DistantDevice | null
    repeatWithin: number
    now: number
    audit: AuditEvent
  }): Redemption

  // Authorization codes

  /** Stores a code, unused. */
  issueAuthorizationCode(input: { code: AuthorizationCode; audit: AuditEvent }): void
  /** The code with this id, used or not, expired or not, until it is swept. Looking does not use it. */
  findAuthorizationCode(input: { id: string }): AuthorizationCode | undefined
  /**
   * Uses a code and makes its session. Client, redirect URI and challenge must be those it was issued for; else `mismatch`,
   * and the code stays unused. Of any number of callers at once, exactly one makes the session. The same `requestHash`
   * within `repeatWithin` ms gets the same session `again`; any other use of a used code ends its session, with a revocation
   * until `revokedUntil`: `reused`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
   */
  redeemAuthorizationCode(input: {
    id: string
    clientHash: string
    redirectUri: string
    codeChallenge: string
    requestHash: string
    session: NewSession
    repeatWithin: number
    revokedUntil: number
    now: number
    audit: AuditEvent
  }): CodeRedemption

  // Sessions

  findSession(input: { id: string }): Session | undefined
  /**
   * Presents refresh-token generation `generation`. With g the row's generation:
   * equal and `coalesce` ms or more since the last rotation → g + 1, `rotated`; equal but younger → g again, `reissued`;
   * g − 1 within `coalesce` ms of the rotation → g again, `reissued`; lower otherwise → the session ends, with a revocation
   * until `revokedUntil`, `reused`; higher → `ahead`, nothing changes. Generation 0 counts as rotated when the session was made. Of any number of callers
   * at once, one rotates and the others are re-issued.
   * Whoever has just read the session asks `rotationOf` first, and comes here only where something is to be written; what it
   * is then, `rotated` says.
   */
  rotateSession(input: {
    id: string
    clientHash: string
    generation: number
    coalesce: number
    revokedUntil: number
    now: number
    audit: AuditEvent
  }): Rotation
  /** Ends one session and appends its revocation. False when it had ended already, or never was. */
  endSession(input: { id: string; reason: EndReason; revokedUntil: number; now: number; audit: AuditEvent }): boolean
  /**
   * Ends every session and sign-in session of a user and appends one revocation. What the user approved and nobody has
   * redeemed yet, a device grant or a code, becomes no session afterwards. Answers how many living sessions it ended; the
   * revocation is appended even when there was none, because tokens may outlive what is stored.
   */
  endSessionsOfUser(input: {
    userId: string
    reason: EndReason
    revokedUntil: number
    now: number
    audit: AuditEvent
  }): number
  /**
   * Notes when sessions were used last. Kept only where it is later than what is known; sessions that have ended or are gone
   * are passed over. No audit line: it is asked for often, and says what the tokens' own lines say.
   */
  noteSessionUses(input: { uses: readonly { id: string; at: number }[] }): void
  /** The sessions of a user that are alive at `now`, newest first. */
  listSessions(input: { userId: string; now: number }): readonly Session[]
  /** Every revocation with a greater `seq` that is alive at `now`, in order. */
  readRevocations(input: { after: number; now: number }): readonly Revocation[]

  // Browsers

  beginSignIn(input: { session: SignInSession; audit: AuditEvent }): void
  /** The browsers that a user is signed in at, newest first. */
  listSignIns(input: { userId: string; now: number }): readonly SignInSession[]
  /** The sign-in session, when it is alive at `now` and its user is enabled. */
  findSignIn(input: { id: string; now: number }): SignInSession | undefined
  /** As `noteSessionUses`, for sign-ins. */
  noteSignInUses(input: { uses: readonly { id: string; at: number }[] }): void
  /**
   * Ends a browser's sign-in. Ending one that is gone is fine. With `revokedUntil`, what was given to the browser ends as well
   * (role credentials), by a line in the revocation log that is kept so long.
   */
  endSignIn(input: { id: string; revokedUntil: number | null; now: number; audit: AuditEvent }): void

  // Attempts

  /**
   * Counts one attempt in every bucket, before the check it guards and in its own commit. False when a bucket already held its
   * limit of attempts within `window` ms: then the check must not be made, nothing was counted anywhere, and buckets after
   * the full one were not even looked at. The window slides: an attempt counts for `window` ms, whatever came before or after
   * it. Of any number of callers at once, at most `limit` get true.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.1
   */
  countAttempt(input: { buckets: readonly AttemptBucket[]; window: number; now: number }): boolean
  /** Takes one attempt back from every bucket after it succeeded. */
  refundAttempt(input: { buckets: readonly Pick<AttemptBucket, 'bucket'>[] }): void

  // Directory

  findUser(input: { id: string }): User | undefined
  /** Without regard to case. */
  findUserByName(input: { userName: string }): User | undefined
  /** Every role that the user has, directly or through groups, each once, by account id and then role name. */
  readEntitlements(input: { userId: string }): readonly Entitlement[]
  /** Every group that the user is in, by name. */
  readGroupsOf(input: { userId: string }): readonly GroupOfUser[]
  readOrganization(input: Record<never, never>): Organization
  /**
   * Makes the stored organization say what `organization` says, in one step: adds and changes what it names; takes away
   * group memberships and assignments that it no longer lists, among the users, groups and accounts that it does name.
   * Users, groups, accounts and permission sets that it does not name stay. Ids of what stays do not change. Settings are
   * replaced as a whole. Applying what is stored already changes nothing and writes no audit line. Rejects when it uses a
   * name that neither it nor the database describes.
   *
   * With `prune`, whatever it does not name is deleted: a user as by `deleteUser`, with an audit line `DeleteUser` of their
   * own; a group, an account or a permission set with what ties others to it; an application with all that its client has
   * open.
   *
   * Answers who would be shut out by it, and changes nothing, unless `shutOut` says to go on. Whoever is disabled, and whoever
   * has neither password nor passkey, cannot sign in. Of two changes at once that would each take one of the last two, the
   * later is refused. With `dryRun` it answers what it would have, and nothing of it stays.
   */
  applyOrganization(input: {
    organization: Organization
    now: number
    audit: AuditEvent
    prune?: Pruning
    shutOut?: boolean
    dryRun?: boolean
  }): 'applied' | 'unchanged' | ShutOut
  /**
   * Sets a password, which voids unused links of the user; ends their sessions and sign-ins when `endSessions`. False when
   * there is no such user, or when the browser's sign-in in which they do it, where one is named, has ended.
   */
  setPassword(input: {
    userName: string
    passwordHash: string
    signInId?: string
    endSessions: boolean
    revokedUntil: number
    now: number
    audit: AuditEvent
  }): boolean
  /** True once any administrator has a password or a passkey. */
  hasAdministrator(input: Record<never, never>): boolean
  /** Stores the hash of a one-time set-up link; earlier unused ones are void. */
  createSetupLink(input: { hash: string; expiresAt: number; now: number; audit: AuditEvent }): void
  /** Whether this link could still be used at `now`. */
  isSetupLinkLive(input: { hash: string; now: number }): boolean
  /**
   * Uses the link and makes the first administrator, in one step. Of two callers at once, one gets the user; the other, a
   * used, late or unknown link, gets undefined. A user of that name who has neither password nor passkey yet becomes the
   * administrator and keeps their id; one who has is not taken over: undefined, and the link stays good for another name.
   */
  redeemSetupLink(input: { hash: string; user: User; now: number; audit: AuditEvent }): User | undefined

  // Housekeeping

  /** Appends audit lines that belong to no other change. */
  recordAudit(input: { events: readonly AuditEvent[] }): void
  /** Audit lines, newest first. */
  readAudit(input: { limit: number }): readonly AuditEvent[]
  /**
   * Deletes at most `limit` rows of each kind that expired before `before`, and says how many. Nothing that is still read is
   * touched: with `before` some minutes back, a late poll or reuse is still recognised. Sessions have a moment of their own,
   * because what was given through one may outlive it, and is found by it. Audit lines do not expire.
   */
  sweep(input: { before: number; sessionsBefore: number; limit: number }): number
}

/** What a committed transition may have changed for those who keep copies in memory. */
export type Change = 'device-grants' | 'directory' | 'keys' | 'revocations'

/** The door: every transition, asynchronous, and a way to hear of changes. */
export type Storage = {
  [Name in keyof Transitions]: (input: Parameters<Transitions[Name]>[0]) => Promise<ReturnType<Transitions[Name]>>
} & {
  /**
   * Calls `listener` after each commit that changed something of this kind, by this process (awaited before the transition's
   * promise resolves, so that an acknowledged change is in force) or by another (within 250 ms). When a listener fails, the
   * transition rejects, although its change stands, and the listener is told again; it may also be told once too often.
   * Returns how to stop.
   */
  onChange(listener: (change: Change) => void | Promise<void>): () => void
  /** Finishes what was begun, then lets go of files and connections. */
  close(): Promise<void>
}
