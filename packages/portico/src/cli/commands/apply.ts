/** `portico apply FILE`: makes the stored organization say what a file says, and shows what that changes. */
import { readFileSync } from 'node:fs'
import { diffOrganization, renderChanges, untouched } from '../../core/organization/diff.ts'
import { parseOrganization } from '../../core/organization/organization-file.ts'
import type { Organization } from '../../storage/storage.ts'
import { brokerNames } from '../brokers.ts'
import { hasData, openData } from '../data/open-data.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'

/**
 * Applies the file in one transaction, beside a running server or without one. Prints the difference first; `dryRun` stops
 * there.
 *
 * @param path of the file; `-` is standard input
 * @throws Failure with every fault of the file, each with its line
 */
export async function apply(settings: Settings, path: string, { dryRun }: { dryRun: boolean }): Promise<void> {
  const organization = readOrganizationFile(path)
  // To look is not to make: where there is no database, everything would be new.
  if (dryRun && !hasData(settings)) return console.log(renderChanges(diffOrganization(nothing, organization)))
  await using data = await openData(settings, { create: true })
  const stored = await data.storage.readOrganization({})
  const changes = diffOrganization(stored, organization)
  console.log(renderChanges(changes))
  sayUntouched(untouched(stored, organization))
  if (dryRun || changes.length === 0) return

  const now = Date.now()
  const detail = { changes: changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`) }
  const audit = {
    at: now,
    eventName: 'ApplyOrganization',
    userId: null,
    address: null,
    userAgent: 'portico apply',
    detail,
  }
  await data.storage.applyOrganization({ organization, now, audit })
  console.log('Applied.')
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

function sayUntouched(left: ReturnType<typeof untouched>): void {
  if (left.length === 0) return
  const most = 5
  const names = left.slice(0, most).map(({ kind, name }) => `${kind} ${name}`)
  const more = left.length > most ? ` and ${left.length - most} more` : ''
  console.log(`Not in the file, and left as they are: ${names.join(', ')}${more}.`)
}
