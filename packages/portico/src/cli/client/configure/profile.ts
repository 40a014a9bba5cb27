/** `portico configure profile`: a profile for one role. */
import { listSsoSessions, readSharedFiles } from 'ssooidc/config'
import { profileSection, suggestProfile } from '../../../core/access/aws-config.ts'
import { Failure } from '../../failure.ts'
import { listRoles } from '../accounts.ts'
import { resolveTarget } from '../target.ts'
import { canAsk, plain } from '../terminal.ts'
import { makeChanges, readText } from './change-file.ts'
import { headingsOf, setSection } from './config-text.ts'

/** What it may be told. */
export type ProfileFlags = {
  readonly session?: string
  readonly account?: string
  readonly role?: string
  /** Where the profile's programs work. */
  readonly region?: string
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly input?: boolean
}

/** Writes a profile. What is not said is asked for, where somebody can be asked. */
export async function configureProfile(named: string | undefined, flags: ProfileFlags): Promise<void> {
  const files = readSharedFiles()
  const session = flags.session ?? onlySession(listSsoSessions(files))
  const { account, role, suggested } = await roleOf(session, flags)
  const before = readText(files.configPath)
  const section = profileSection(
    { profile: named ?? suggested, accountId: account, roleName: role },
    {
      session,
      region: flags.region ?? resolveTarget({ session }).session.region,
      services: headingsOf(before).includes(`services ${session}`),
    },
  )
  makeChanges([{ path: files.configPath, before, after: setSection(before, section) }], flags)
}

/** The one session that there is. @throws Failure */
export function onlySession(names: readonly string[]): string {
  const [name] = names
  if (name !== undefined && names.length === 1) return name
  throw new Failure(
    'usage',
    names.length === 0
      ? 'There is no sign-in session yet. Make one: portico configure session <name> --start-url <url>'
      : `Say which sign-in session: --session ${names.join(', --session ')}.`,
  )
}

async function roleOf(
  session: string,
  flags: ProfileFlags,
): Promise<{ account: string; role: string; suggested: string }> {
  const { account, role } = flags
  if (account !== undefined && role !== undefined) return { account, role, suggested: suggestProfile(account, role) }
  if (!canAsk(flags)) throw new Failure('usage', 'Nobody can be asked here: give --account and --role.')
  const found = (await listRoles(resolveTarget({ session }), account)).filter((each) => !role || each.role === role)
  if (found.length === 0) throw new Failure('denied', 'You have no such role. `portico roles` shows yours.')
  const { isCancel, select } = await import('@clack/prompts')
  const chosen = await select({
    message: 'Which role?',
    options: found.map((each, value) => ({ value, label: plain(`${each.name} ${each.accountId} ${each.role}`) })),
    output: process.stderr,
  })
  const picked = isCancel(chosen) ? undefined : found[chosen]
  if (picked === undefined) throw new Failure('interrupted', 'Nothing was written.')
  return { account: picked.accountId, role: picked.role, suggested: suggestProfile(picked.name, picked.role) }
}
