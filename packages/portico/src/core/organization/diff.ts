import {
  type Organization,
  type OrganizationAssignment,
  type OrganizationUser,
  userNameKey,
} from '../../storage/storage.ts'
import { formatDuration } from './duration.ts'

/** One thing that applying an organization would do. */
export type Change = {
  action: 'add' | 'change' | 'remove'
  kind:
    | 'user'
    | 'group'
    | 'membership'
    | 'account'
    | 'permission set'
    | 'assignment'
    | 'trusted token issuer'
    | 'application'
    | 'resource server'
    | 'setting'
  /** What it is called, for a person. */
  name: string
  /** For `add`, the members that say something; for `change`, those that differ. Written for a person. */
  members: readonly { name: string; from: string | null; to: string | null }[]
}

/**
 * Everything that applying `wanted` would change in `current`, in the order of an organization file. Empty when it would
 * change nothing: after an apply, the same file always has an empty difference.
 *
 * What has a name of its own and is not in `wanted` stays, or with `prune` is taken away, which comes first then. Of what it
 * does name `wanted` is the whole truth: memberships and assignments among them that it does not list are taken away, and
 * settings fall back to their defaults. That is what the storage's `applyOrganization` does.
 */
export function diffOrganization(current: Organization, wanted: Organization, { prune = false } = {}): Change[] {
  return [
    ...(prune ? unnamed(current, wanted) : []).map(({ kind, name }): Change => {
      return { action: 'remove', kind, name, members: [] }
    }),
    ...diffNamed('user', current.users, wanted.users, (user) => user.userName, describeUser),
    ...diffNamed('group', current.groups, wanted.groups, (group) => group.displayName, describeGroup),
    ...diffSets('membership', membershipsIn(current, wanted), membershipsIn(wanted, wanted)),
    ...diffNamed('account', current.accounts, wanted.accounts, (account) => account.id, describeAccount),
    ...diffNamed('permission set', current.permissionSets, wanted.permissionSets, (set) => set.name, describeSet),
    ...diffSets('assignment', assignmentsIn(current, wanted), assignmentsIn(wanted, wanted)),
    ...diffNamed(
      'trusted token issuer',
      current.trustedTokenIssuers ?? [],
      wanted.trustedTokenIssuers ?? [],
      nameOf,
      said,
    ),
    ...diffNamed('application', current.applications ?? [], wanted.applications ?? [], nameOf, said),
    ...diffNamed('resource server', current.resourceServers ?? [], wanted.resourceServers ?? [], nameOf, said),
    ...diffNamed('setting', settingsOf(current), settingsOf(wanted), (setting) => setting.name, describeSetting),
    ...Object.keys(current.settings)
      .filter((name) => !(name in wanted.settings))
      .map((name): Change => ({ action: 'remove', kind: 'setting', name, members: [] })),
  ]
}

/** Those of `current` that `wanted` does not name: they stay as they are, unless what is applied is to be all that there is. */
export function unnamed(current: Organization, wanted: Organization): { kind: Change['kind']; name: string }[] {
  const left = <T>(kind: Change['kind'], before: readonly T[], after: readonly T[], nameOf: (item: T) => string) => {
    const named = new Set(after.map((item) => identity(kind, nameOf(item))))
    return before
      .map(nameOf)
      .filter((name) => !named.has(identity(kind, name)))
      .map((name) => ({ kind, name }))
  }
  return [
    ...left('user', current.users, wanted.users, (user) => user.userName),
    ...left('group', current.groups, wanted.groups, (group) => group.displayName),
    ...left('account', current.accounts, wanted.accounts, (account) => account.id),
    ...left('permission set', current.permissionSets, wanted.permissionSets, (set) => set.name),
    ...left('trusted token issuer', current.trustedTokenIssuers ?? [], wanted.trustedTokenIssuers ?? [], nameOf),
    ...left('application', current.applications ?? [], wanted.applications ?? [], nameOf),
    ...left('resource server', current.resourceServers ?? [], wanted.resourceServers ?? [], nameOf),
  ]
}

/**
 * The changes as lines for a person: `+` adds, `~` changes, `-` takes away. Text that others wrote is made harmless to
 * terminals.
 */
export function renderChanges(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing to change.'
  const sign = { add: '+', change: '~', remove: '-' }
  const lines = changes.map(({ action, kind, name, members }) => {
    const said = members.map((member) => {
      if (action === 'add') return `${member.name} ${quote(member.to)}`
      return `${member.name} ${quote(member.from)} → ${quote(member.to)}`
    })
    return `${sign[action]} ${kind} ${harmless(name)}${said.length > 0 ? `: ${said.join(', ')}` : ''}`
  })
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length
  return `${lines.join('\n')}\n\n${count('add')} to add, ${count('change')} to change, ${count('remove')} to take away.`
}

function quote(value: string | null): string {
  return value === null ? 'none' : `"${harmless(value)}"`
}

function harmless(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}

type Described = Readonly<Record<string, string | null>>

function describeUser(user: OrganizationUser): Described {
  return {
    userName: user.userName,
    displayName: user.displayName,
    givenName: user.givenName,
    familyName: user.familyName,
    email: user.email,
    administrator: user.administrator ? 'true' : null,
  }
}

function describeAccount({ name, email, broker }: Organization['accounts'][number]): Described {
  return { name, email, broker }
}

function describeGroup({ requireSecondFactor }: Organization['groups'][number]): Described {
  return { requireSecondFactor: requireSecondFactor ? 'true' : null }
}

function describeSet(set: Organization['permissionSets'][number]): Described {
  return {
    sessionDuration: formatDuration(set.sessionDuration),
    administrator: set.administrator ? 'true' : null,
    requireSecondFactor: set.requireSecondFactor ? 'true' : null,
    deviceFlow: set.deviceFlow ?? null,
  }
}

/** Every member but the name: texts as they are, everything else as JSON. */
function said({ name: _, ...members }: { name: string }): Described {
  return Object.fromEntries(
    Object.entries<unknown>(members).map(([member, value]) => [
      member,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}

const nameOf = ({ name }: { name: string }): string => name

type NamedSetting = { name: string; value: unknown }

function settingsOf({ settings }: Organization): NamedSetting[] {
  return Object.entries(settings).map(([name, value]) => ({ name, value }))
}

function describeSetting({ name, value }: NamedSetting): Described {
  if (/Duration$/.test(name)) return { value: formatDuration(Number(value)) }
  return { value: typeof value === 'string' ? value : JSON.stringify(value) }
}

function diffNamed<T>(
  kind: Change['kind'],
  current: readonly T[],
  wanted: readonly T[],
  nameOf: (item: T) => string,
  describe: (item: T) => Described,
): Change[] {
  const before = new Map(current.map((item) => [identity(kind, nameOf(item)), item]))
  return wanted.flatMap((item): Change[] => {
    const name = nameOf(item)
    const old = before.get(identity(kind, name))
    const was = old === undefined ? {} : describe(old)
    const members = Object.entries(describe(item))
      .map(([member, to]) => ({ name: member, from: was[member] ?? null, to }))
      .filter(({ from, to }) => from !== to)
    if (old === undefined) return [{ action: 'add', kind, name, members: members.filter(({ to }) => to !== name) }]
    return members.length > 0 ? [{ action: 'change', kind, name, members }] : []
  })
}

/** Things that are either there or not. Keys say which are the same, values what they are called. */
type Named = ReadonlyMap<string, string>

function diffSets(kind: Change['kind'], current: Named, wanted: Named): Change[] {
  const removed = [...current].filter(([key]) => !wanted.has(key))
  const added = [...wanted].filter(([key]) => !current.has(key))
  return [
    ...removed.map(([, name]): Change => ({ action: 'remove', kind, name, members: [] })),
    ...added.map(([, name]): Change => ({ action: 'add', kind, name, members: [] })),
  ]
}

/** The memberships of `organization` that `wanted` has a say in: those of users whom it names, in groups that it names. */
function membershipsIn(organization: Organization, wanted: Organization): Named {
  const users = new Set(wanted.users.map((user) => identity('user', user.userName)))
  const groups = new Set(wanted.groups.map((group) => group.displayName))
  const memberships = organization.users
    .filter((user) => users.has(identity('user', user.userName)))
    .flatMap(({ userName, groups }) => groups.map((group) => ({ userName, group })))
    .filter(({ group }) => groups.has(group))
  return new Map(
    memberships.map(({ userName, group }) => [
      JSON.stringify([identity('user', userName), group]),
      `${userName} in ${group}`,
    ]),
  )
}

/** The assignments of `organization` that `wanted` has a say in: those in an account that it names, to whom it names. */
function assignmentsIn(organization: Organization, wanted: Organization): Named {
  const accounts = new Set(wanted.accounts.map((account) => account.id))
  const users = new Set(wanted.users.map((user) => identity('user', user.userName)))
  const groups = new Set(wanted.groups.map((group) => group.displayName))
  const named = ({ account, user, group }: OrganizationAssignment) =>
    accounts.has(account) &&
    ((user !== null && users.has(identity('user', user))) || (group !== null && groups.has(group)))
  return new Map(
    organization.assignments.filter(named).map((assignment) => {
      const { account, permissionSet, user, group } = assignment
      const key = JSON.stringify([account, permissionSet, user && identity('user', user), group])
      return [key, `${permissionSet} in ${account} for ${user === null ? `group ${group}` : `user ${user}`}`]
    }),
  )
}

/** What makes two names the same name: user names are so without regard to case, others only when spelled alike. */
function identity(kind: Change['kind'], name: string): string {
  return kind === 'user' ? userNameKey(name) : name
}
