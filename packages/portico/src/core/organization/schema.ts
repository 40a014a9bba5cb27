import * as v from 'valibot'
import { formatDuration, parseDuration } from './duration.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

// ── What one member may be ───────────────────────────────────────────────────────────────────────────────────────────

const text = (most: number) =>
  v.pipe(
    v.string('A text is expected here.'),
    v.nonEmpty('This must not be empty.'),
    v.maxLength(most, `This is longer than ${most} characters.`),
  )

const list = <const Item extends v.GenericSchema>(item: Item) =>
  v.optional(v.array(item, 'A list is expected here: lines that begin with `- `.'), [])

const flagOr = (unless: 'true' | 'false') =>
  v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'Write `true` or `false` here.'),
      v.transform((written) => written === 'true'),
    ),
    unless,
  )

const flag = flagOr('false')

const duration = (least: number, most: number) =>
  v.pipe(
    v.string('A duration such as `PT1H` is expected here.'),
    v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
      const seconds = parseDuration(dataset.value)
      if (seconds !== undefined && seconds >= least && seconds <= most) return seconds
      const bounds = `from ${formatDuration(least)} to ${formatDuration(most)}`
      addIssue({
        message: `\`${dataset.value}\` is not a duration ${bounds}. Write one such as \`PT1H\` or \`PT90M\`.`,
      })
      return NEVER
    }),
  )

const deviceFlow = v.picklist(
  ['off', 'same-network', 'step-up', 'on'],
  'Write `off`, `same-network`, `step-up` or `on`.',
)

/** The characters that AWS allows in a role session name, which is where a user name ends up. */
const userName = v.pipe(
  text(64),
  v.regex(/^[\w+=,.@-]+$/, 'A user name may hold letters, digits and the characters `+=,.@_-`.'),
)

const emailAddress = v.pipe(text(254), v.regex(/^[^\s@]+@[^\s@]+$/, 'This is not an email address.'))

const accountId = v.pipe(
  v.string('An account id is expected here.'),
  v.regex(/^\d{12}$/, 'An account id has exactly 12 digits.'),
)

/** @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html */
const permissionSetName = v.pipe(
  v.string('A name is expected here.'),
  v.regex(/^[\w+=,.@-]{1,32}$/, 'A permission set name has 1 to 32 letters, digits and characters of `+=,.@_-`.'),
)

/** @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateTrustedTokenIssuer.html */
const plainName = v.pipe(
  text(255),
  v.regex(/^[\w+=,.@-]+$/, 'A name of letters, digits and the characters `+=,.@_-` is expected here.'),
)

/** The grants that an application may have, as they are written in the file. */
export const grantNames = ['authorization-code', 'refresh-token', 'jwt-bearer', 'token-exchange'] as const

/** One of `grantNames`. */
export type GrantName = (typeof grantNames)[number]

// ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What an organization file may hold, member by member. Every scalar comes in as text, as written. */
export const organizationFile = v.strictObject({
  users: list(
    v.strictObject({
      userName,
      displayName: v.optional(text(1024)),
      givenName: v.optional(text(1024)),
      familyName: v.optional(text(1024)),
      email: v.optional(emailAddress),
      groups: list(text(1024)),
      administrator: flag,
    }),
  ),
  groups: list(v.strictObject({ displayName: text(1024), requireSecondFactor: flag })),
  accounts: list(
    v.strictObject({
      id: accountId,
      name: text(50),
      email: v.optional(emailAddress),
      broker: v.optional(text(64)),
    }),
  ),
  permissionSets: list(
    v.strictObject({
      name: permissionSetName,
      sessionDuration: v.optional(duration(HOUR, 12 * HOUR), 'PT1H'),
      requireSecondFactor: flag,
      administrator: flag,
      deviceFlow: v.optional(deviceFlow),
    }),
  ),
  assignments: list(
    v.strictObject({
      account: accountId,
      permissionSet: text(32),
      user: v.optional(text(64)),
      group: v.optional(text(1024)),
    }),
  ),
  trustedTokenIssuers: list(
    v.strictObject({
      name: plainName,
      issuerUrl: text(512),
      claimAttributePath: v.pipe(
        text(255),
        v.regex(/^\p{L}+(?:[._]\p{L}+){0,2}$/u, 'A claim is up to three words joined by `.` or `_`, such as `email`.'),
      ),
      identityStoreAttributePath: v.picklist(
        ['userName', 'emails.value'],
        'People are found by `userName` or by `emails.value`.',
      ),
      emailsAreVerified: flag,
    }),
  ),
  applications: list(
    v.strictObject({
      name: text(100),
      grants: list(v.picklist(grantNames, `A grant is one of ${grantNames.join(', ')}.`)),
      redirectUris: list(text(512)),
      postLogoutRedirectUris: list(text(512)),
      scopes: list(text(150)),
      actors: list(
        v.strictObject({
          account: v.optional(accountId),
          permissionSet: v.optional(text(32)),
          accessKey: v.optional(plainName),
        }),
      ),
      trustedTokenIssuers: list(
        v.strictObject({
          name: text(255),
          audiences: v.pipe(
            v.array(text(512), 'A list is expected here: lines that begin with `- `.'),
            v.minLength(1, 'Name at least one audience.'),
            v.maxLength(10, 'At most ten audiences are accepted.'),
          ),
        }),
      ),
      assignmentRequired: flagOr('true'),
      assignments: list(v.strictObject({ user: v.optional(text(64)), group: v.optional(text(1024)) })),
      idTokenAlgorithm: v.optional(v.picklist(['ES256', 'RS256'], 'Write `ES256` or `RS256` here.'), 'ES256'),
    }),
  ),
  resourceServers: list(
    v.strictObject({
      name: plainName,
      scopes: v.array(text(150), 'A list of scopes is expected here; `[]` for none.'),
    }),
  ),
  settings: v.optional(
    v.strictObject({
      sessionDuration: v.optional(duration(15 * MINUTE, 90 * DAY)),
      sessionIdleDuration: v.optional(duration(15 * MINUTE, 90 * DAY)),
      signInIdleDuration: v.optional(duration(5 * MINUTE, 90 * DAY)),
      requireSecondFactor: flag,
      deviceFlow: v.optional(deviceFlow),
    }),
    {},
  ),
})

/** An organization file that fits the schema; whether its names fit together is not said yet. */
export type OrganizationFile = v.InferOutput<typeof organizationFile>
