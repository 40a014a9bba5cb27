/**
 * `portico configure populate`: a profile for every role of the person, in a block of the shared file that it keeps. Profiles
 * outside of the block are the person's own and stay as they are.
 */
import { listSsoSessions, readSharedFiles } from 'ssooidc/config'
import { profileSection, suggestProfile } from '../../../core/access/aws-config.ts'
import { Failure } from '../../failure.ts'
import { listRoles, type Role } from '../accounts.ts'
import { resolveTarget } from '../target.ts'
import { makeChanges, readText } from './change-file.ts'
import { formatSection, headingsOf, readBlock, setBlock } from './config-text.ts'
import { onlySession } from './profile.ts'

/** What it may be told. */
export type PopulateFlags = {
  readonly session?: string
  readonly template?: string
  /** Where the profiles' programs work. */
  readonly region?: string
  readonly prune?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Writes them all. */
export async function configurePopulate(flags: PopulateFlags): Promise<void> {
  const files = readSharedFiles()
  const session = flags.session ?? onlySession(listSsoSessions(files))
  const target = resolveTarget({ session })
  const roles = await listRoles(target)
  const before = readText(files.configPath)
  const services = headingsOf(before).includes(`services ${session}`)
  const region = flags.region ?? target.session.region
  const made = roles.map((role) =>
    profileSection(
      { profile: profileName(role, flags.template), accountId: role.accountId, roleName: role.role },
      { session, region, services },
    ),
  )
  refuseTwins(made.map(({ heading }) => heading))
  const { after, taken } = populate(
    before,
    session,
    new Map(made.map((each) => [each.heading, formatSection(each)])),
    flags,
  )
  const notes = taken.map((heading) => `${heading} is there already, outside of the block, and stays as it is.`)
  makeChanges([{ path: files.configPath, before, after }], { ...flags, notes })
}

/** The text with its block made anew. Without `prune`, profiles of roles that are gone stay in it. */
export function populate(
  before: string,
  session: string,
  made: ReadonlyMap<string, string>,
  { prune = false }: { prune?: boolean },
): { after: string; taken: string[] } {
  const block = `profiles of ${session}`
  const old = sectionsOf(readBlock(before, block) ?? '')
  const own = new Set(headingsOf(setBlock(before, block, '')))
  const taken = [...made.keys()].filter((heading) => own.has(heading))
  const kept = prune ? [] : [...old].filter(([heading]) => !made.has(heading))
  const all = [...kept, ...[...made].filter(([heading]) => !own.has(heading))]
  return { after: setBlock(before, block, all.map(([, text]) => text).join('\n')), taken }
}

function sectionsOf(text: string): Map<string, string> {
  const parts = text.split(/^(?=\[)/m).filter((part) => part.startsWith('['))
  return new Map(parts.map((part) => [headingsOf(part)[0] ?? '', `${part.trimEnd()}\n`]))
}

/** `{account}` is the account's name, `{id}` its number, `{role}` the role. */
function profileName({ name, accountId, role }: Role, template: string | undefined): string {
  if (template === undefined) return suggestProfile(name || accountId, role)
  const values: Readonly<Record<string, string>> = { account: name || accountId, id: accountId, role }
  return template
    .replaceAll(/\{(\w+)\}/g, (whole, key: string) => {
      const value = values[key]
      if (value === undefined) throw new Failure('usage', `--template knows {account}, {id} and {role}, not ${whole}.`)
      return value
    })
    .replaceAll(/[^\w@+.%:/-]+/g, '-')
}

function refuseTwins(headings: readonly string[]): void {
  const twin = headings.find((heading, index) => headings.indexOf(heading) !== index)
  if (twin !== undefined)
    throw new Failure('usage', `Two roles would both be ${twin}. Give a --template with {id} in it.`)
}
