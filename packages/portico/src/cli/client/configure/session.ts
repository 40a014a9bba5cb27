/** `portico configure session`: what the AWS tools of a machine need once, however many roles there are. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { awsFolder, readSharedFiles } from 'ssooidc/config'
import {
  endpointRuleSet,
  endpointRuleSetFiles,
  servicesSection,
  sessionSection,
} from '../../../core/access/aws-config.ts'
import { Failure } from '../../failure.ts'
import { regionIn } from '../start-url.ts'
import { DEFAULT_REGION } from '../target.ts'
import { canAsk } from '../terminal.ts'
import { type Change, makeChanges, readText } from './change-file.ts'
import { setSection } from './config-text.ts'
import { discover } from './discover.ts'

/** What it may be told. */
export type SessionFlags = {
  readonly startUrl?: string
  readonly endpoint?: string
  readonly region?: string
  readonly scope?: readonly string[]
  readonly endpointRules?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly input?: boolean
}

/** Writes an `sso-session`, and for a Portico where its services are. */
export async function configureSession(name: string, flags: SessionFlags): Promise<void> {
  const typed = flags.startUrl ?? (await askStartUrl(flags))
  const { startUrl, endpoint, acceptedEverywhere } = await discover(typed, flags.endpoint)
  const fallback = endpoint === undefined ? undefined : DEFAULT_REGION
  const region = flags.region ?? regionIn(startUrl) ?? (process.env.AWS_REGION || fallback)
  if (region === undefined) throw new Failure('usage', 'Say in which Region the Identity Center is, with --region.')
  const { configPath } = readSharedFiles()
  const before = readText(configPath)
  const session = setSection(before, sessionSection(name, { startUrl, region, scopes: flags.scope }))
  const after = endpoint === undefined ? session : setSection(session, servicesSection(name, endpoint))
  const changes = [{ path: configPath, before, after }]
  const notes: string[] = []
  if (!acceptedEverywhere)
    notes.push(
      `AWS CLI 2.35.13 and later accept no start URL under ${new URL(startUrl).host}, since it names no other.`,
    )
  if (endpoint !== undefined) {
    if (flags.endpointRules) changes.push(...ruleSetChanges(endpoint))
    else if (readsOnlyRuleSets())
      notes.push(
        'The AWS CLI here is older than 2.13 and finds the Portico by endpoint rules only; they would send every sign-in of this machine there. To write them, add --endpoint-rules.',
      )
  }
  makeChanges(changes, { ...flags, notes })
}

/** AWS CLI 2.9 to 2.12 read these and nothing else. */
function ruleSetChanges(endpoint: string): Change[] {
  return endpointRuleSetFiles.map((file) => {
    const path = join(awsFolder(), 'models', file)
    return { path, before: readText(path), after: `${JSON.stringify(endpointRuleSet(endpoint))}\n` }
  })
}

/** Whether the `aws` that would be started is one of them. */
export function readsOnlyRuleSets(): boolean {
  const [, major, minor] = /^aws-cli\/(\d+)\.(\d+)\./.exec(awsVersion() ?? '') ?? []
  return major === '2' && Number(minor) >= 9 && Number(minor) < 13
}

/** What `aws --version` says; undefined when there is none, or `error` when it ends with one. */
export function awsVersion(): string | undefined {
  try {
    return execFileSync('aws', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    })
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'error'
  }
}

async function askStartUrl(flags: SessionFlags): Promise<string> {
  if (!canAsk(flags)) throw new Failure('usage', 'Nobody can be asked here: give --start-url.')
  const { isCancel, text } = await import('@clack/prompts')
  const validate = (typed: string | undefined) => (URL.canParse(typed ?? '') ? undefined : 'A whole URL, please.')
  const typed = await text({ message: 'Start URL of the Identity Center or Portico', validate, output: process.stderr })
  if (isCancel(typed)) throw new Failure('interrupted', 'Nothing was written.')
  return typed
}
