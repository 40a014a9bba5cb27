/** `portico apply FILE`: makes the stored organization say what a file says, and shows what that changes. */
import { readFileSync } from 'node:fs'
import { createApplications } from '../../core/applications/applications.ts'
import { clientHash } from '../../core/clients/client-registration.ts'
import { diffOrganization, renderChanges, unnamed } from '../../core/organization/diff.ts'
import { parseOrganization } from '../../core/organization/organization-file.ts'
import { REVOCATION_LIFE } from '../../core/sessions/tokens.ts'
import type { Organization, Pruning, Storage } from '../../storage/storage.ts'
import { brokerNames, PARTITION } from '../brokers.ts'
import { hasData, openData } from '../data/open-data.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { commandEvent } from './known-user.ts'
import { refuseShutOut } from './shut-out.ts'

/** How to apply. */
export type ApplyOptions = {
  /** Only print the difference. */
  dryRun: boolean
  /** Remove what the file does not name. */
  prune: boolean
  /** Go on even when nobody who administers, or nobody at all, could sign in afterwards. */
  yes: boolean
}

/**
 * Applies the file in one transaction, beside a running server or without one. Prints the difference first; `dryRun` stops
 * there, and fails where going on would.
 *
 * @param path of the file; `-` is standard input
 * @throws Failure with every fault of the file, each with its line, or when nobody who administers could sign in afterwards
 */
export async function apply(settings: Settings, path: string, { dryRun, prune, yes }: ApplyOptions): Promise<void> {
  const organization = readOrganizationFile(path)
  // To look is not to make: where there is no database, everything would be new.
  if (dryRun && !hasData(settings)) return console.log(renderChanges(diffOrganization(nothing, organization)))
  await using data = await openData(settings, { create: true })
  const { storage } = data
  const stored = await storage.readOrganization({})
  const changes = diffOrganization(stored, organization, { prune })
  console.log(renderChanges(changes))
  if (!prune) sayUntouched(unnamed(stored, organization))
  if (changes.length === 0) return

  const now = Date.now()
  const detail = { changes: changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`) }
  const outcome = await storage.applyOrganization({
    ...{ organization, now, audit: commandEvent('portico apply', 'ApplyOrganization', null, detail, now) },
    ...(prune && { prune: await pruning(storage, organization, now) }),
    ...{ shutOut: yes, dryRun },
  })
  refuseShutOut(outcome)
  if (!dryRun) console.log('Applied.')
}

/** What removing takes beside the file. */
async function pruning(storage: Storage, wanted: Organization, now: number): Promise<Pruning> {
  const instance = await storage.readInstance({})
  const named = new Set(wanted.applications?.map(({ name }) => name))
  const { applications } = await storage.readApplications({})
  const going = applications.filter(({ name }) => !named.has(name))
  // Before there is an instance nobody has signed in, so that there is nothing to end.
  const arnOf = instance && createApplications(storage, instance, PARTITION).arnOf
  const clientHashes = arnOf === undefined ? [] : going.map((application) => clientHash(arnOf(application)))
  return { revokedUntil: now + REVOCATION_LIFE, clientHashes }
}

const nothing: Organization = {
  users: [],
  groups: [],
  accounts: [],
  permissionSets: [],
  assignments: [],
  settings: {},
}

function readOrganizationFile(path: string): Organization {
  let text: string
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure('configuration', `${path} cannot be read (${code}). Name the organization file.`, {
      cause: error,
    })
  }
  const name = path === '-' ? 'standard input' : path
  // A redirection or a pipe that failed leaves nothing, which would put every setting back to its default.
  if (text.trim() === '') throw new Failure('configuration', `Nothing was changed, because ${name} is empty.`)
  const parsed = parseOrganization(text, { brokers: brokerNames })
  if (parsed.ok) return parsed.organization
  const faults = parsed.problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}`)
  throw new Failure('configuration', `Nothing was changed, because the file has faults.\n${faults.join('\n')}`)
}

function sayUntouched(left: ReturnType<typeof unnamed>): void {
  if (left.length === 0) return
  const most = 5
  const names = left.slice(0, most).map(({ kind, name }) => `${kind} ${name}`)
  const more = left.length > most ? ` and ${left.length - most} more` : ''
  console.log(`Not in the file, and left as they are: ${names.join(', ')}${more}. --prune removes them.`)
}
