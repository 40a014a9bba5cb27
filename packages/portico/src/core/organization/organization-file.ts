/**
 * The organization file: one declarative description of people, groups, accounts, permission sets and who may use what
 * where. This folder reads such a file, says exactly what is wrong with it and where, and says what applying it would
 * change. It neither opens files nor writes to the storage.
 */

import type { Organization, OrganizationAssignment, OrganizationUser } from '../../storage/storage.ts'
import { checkApplications, toApplications } from './applications.ts'
import { nearest } from './nearest.ts'
import { type OrganizationFile, organizationFile } from './schema.ts'
import { type Path, type Problem, readYaml, type YamlFile } from './yaml-file.ts'

/** Either the organization or everything that is wrong with the file, in the order of the file. */
export type ParsedOrganization = { ok: true; organization: Organization } | { ok: false; problems: readonly Problem[] }

/** How long a person's session may last, in seconds, when the file does not say: 8 hours. */
export const DEFAULT_SESSION_DURATION = 8 * 3600

/**
 * How long a browser's sign-in may go unused, in seconds, when the file does not say: what NIST lets somebody rest who proved two
 * factors.
 *
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#aal2reauth
 */
export const DEFAULT_SIGN_IN_IDLE_DURATION = 3600

/**
 * Reads an organization file. Names that it uses must be defined in it, so that a reader sees the whole of who may do what.
 *
 * @param text YAML
 * @param options.brokers the sources of role credentials that this server has; the first is the default
 */
export function parseOrganization(
  text: string,
  options: { brokers: readonly [string, ...string[]] },
): ParsedOrganization {
  const reading = readYaml(text, organizationFile)
  if (!reading.ok) return reading
  const problems = crossCheck(reading.file, options.brokers)
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, organization: toOrganization(reading.file.value, options.brokers[0]) }
}

// ── What the members must be to one another ──────────────────────────────────────────────────────────────────────────

function crossCheck(file: YamlFile<OrganizationFile>, brokers: readonly string[]): Problem[] {
  const { users, groups, accounts, permissionSets, assignments, applications, trustedTokenIssuers, resourceServers } =
    file.value
  const problems: Problem[] = []
  const report = (path: Path, message: string) => problems.push(file.problemAt(path, message))

  /** Reports every name that an earlier entry already has, and returns the names. */
  const unique = (
    what: string,
    names: readonly string[],
    pathOf: (index: number) => Path,
  ): ReadonlyMap<string, string> => {
    const known = new Map<string, string>()
    for (const [index, name] of names.entries()) {
      const earlier = known.get(fold(name))
      if (earlier !== undefined)
        report(pathOf(index), `The ${what} \`${earlier}\` is in this file already. Keep one of the two.`)
      else known.set(fold(name), name)
    }
    return known
  }
  const mustBeKnown = (what: string, known: ReadonlyMap<string, string>, name: string, path: Path) => {
    if (known.has(fold(name))) return
    const meant = nearest(name, known.values())
    report(
      path,
      `There is no ${what} \`${name}\` in this file. ${meant ? `Did you mean \`${meant}\`?` : `Add it, or correct the name.`}`,
    )
  }

  const userNames = unique(
    'user',
    users.map((user) => user.userName),
    (index) => ['users', index, 'userName'],
  )
  const groupNames = unique(
    'group',
    groups.map((group) => group.displayName),
    (index) => ['groups', index, 'displayName'],
  )
  const accountIds = unique(
    'account',
    accounts.map((account) => account.id),
    (index) => ['accounts', index, 'id'],
  )
  const setNames = unique(
    'permission set',
    permissionSets.map((set) => set.name),
    (index) => ['permissionSets', index, 'name'],
  )

  for (const [index, user] of users.entries()) {
    unique('membership in group', user.groups, (entry) => ['users', index, 'groups', entry])
    for (const [entry, group] of user.groups.entries())
      mustBeKnown('group', groupNames, group, ['users', index, 'groups', entry])
  }
  for (const [index, { broker }] of accounts.entries()) {
    if (broker === undefined || brokers.includes(broker)) continue
    report(['accounts', index, 'broker'], `There is no broker \`${broker}\`. This server has: ${brokers.join(', ')}.`)
  }
  for (const [index, { account, permissionSet, user, group }] of assignments.entries()) {
    mustBeKnown('account', accountIds, account, ['assignments', index, 'account'])
    mustBeKnown('permission set', setNames, permissionSet, ['assignments', index, 'permissionSet'])
    if (user !== undefined && group !== undefined) {
      report(['assignments', index, 'group'], 'An assignment is for a user or for a group. Write two assignments.')
    } else if (user !== undefined) mustBeKnown('user', userNames, user, ['assignments', index, 'user'])
    else if (group !== undefined) mustBeKnown('group', groupNames, group, ['assignments', index, 'group'])
    else report(['assignments', index], 'This assignment is for nobody. Add `user` or `group`.')
  }
  const sound = assignments
    .map((assignment, index) => ({ assignment, index }))
    .filter(({ assignment: { user, group } }) => (user === undefined) !== (group === undefined))
  unique(
    'assignment',
    sound.map(({ assignment }) => sayAssignment(assignment)),
    (position) => ['assignments', sound[position]?.index ?? 0],
  )
  const issuerNames = unique(
    'trusted token issuer',
    trustedTokenIssuers.map((issuer) => issuer.name),
    (index) => ['trustedTokenIssuers', index, 'name'],
  )
  unique(
    'application',
    applications.map((application) => application.name),
    (index) => ['applications', index, 'name'],
  )
  unique(
    'resource server',
    resourceServers.map((server) => server.name),
    (index) => ['resourceServers', index, 'name'],
  )
  const known = {
    user: userNames,
    group: groupNames,
    account: accountIds,
    'permission set': setNames,
    'trusted token issuer': issuerNames,
  }
  checkApplications(file.value, {
    report,
    mustBeKnown: (what, name, path) => mustBeKnown(what, known[what], name, path),
  })
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
}

const sayAssignment = ({ account, permissionSet, user, group }: OrganizationFile['assignments'][number]) =>
  `${permissionSet} in ${account} for ${user === undefined ? 'group' : 'user'} ${user ?? group}`

/** Names are the same name without regard to case, so that nobody can be mistaken for somebody else. */
function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function toOrganization(file: OrganizationFile, defaultBroker: string): Organization {
  /** The name as its own entry writes it. */
  const canonical = (names: readonly string[]) => {
    const byFold = new Map(names.map((name) => [fold(name), name]))
    return (name: string) => byFold.get(fold(name)) ?? name
  }
  const toUser = canonical(file.users.map((user) => user.userName))
  const toGroup = canonical(file.groups.map((group) => group.displayName))
  const toSet = canonical(file.permissionSets.map((set) => set.name))
  const toIssuer = canonical(file.trustedTokenIssuers.map((issuer) => issuer.name))
  return {
    ...toApplications(file, { user: toUser, group: toGroup, set: toSet, issuer: toIssuer }),
    users: file.users.map(
      (user): OrganizationUser => ({
        userName: user.userName,
        displayName: user.displayName ?? ([user.givenName, user.familyName].filter(Boolean).join(' ') || user.userName),
        givenName: user.givenName ?? null,
        familyName: user.familyName ?? null,
        email: user.email ?? null,
        groups: user.groups.map(toGroup),
        administrator: user.administrator,
      }),
    ),
    groups: file.groups.map(secondFactorOnlyIfRequired),
    accounts: file.accounts.map(({ id, name, email, broker }) => ({
      id,
      name,
      email: email ?? null,
      broker: broker ?? defaultBroker,
    })),
    permissionSets: file.permissionSets.map(({ deviceFlow, ...set }) => ({
      ...secondFactorOnlyIfRequired(set),
      ...(deviceFlow === undefined ? {} : { deviceFlow }),
    })),
    assignments: file.assignments.map(
      ({ account, permissionSet, user, group }): OrganizationAssignment => ({
        account,
        permissionSet: toSet(permissionSet),
        user: user === undefined ? null : toUser(user),
        group: group === undefined ? null : toGroup(group),
      }),
    ),
    settings: settingsOf(file),
  }
}

function settingsOf({ settings: { requireSecondFactor, ...settings } }: OrganizationFile): Organization['settings'] {
  const said = Object.entries(settings).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(said), ...secondFactorOnlyIfRequired({ requireSecondFactor }) }
}

/** In the organization the member is there only when it is true. */
function secondFactorOnlyIfRequired<Item extends { requireSecondFactor: boolean }>({
  requireSecondFactor,
  ...item
}: Item) {
  return { ...item, ...(requireSecondFactor ? { requireSecondFactor: true as const } : {}) }
}
