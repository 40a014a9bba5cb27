/** What `serve` prints when it listens: one line of JSON for programs, or what to paste for people. */
import { styleText } from 'node:util'
import { awsConfig, endpointRuleSetCommand } from '../../core/access/aws-config.ts'
import { startUrl, startUrlAlias } from '../../core/access/start-url.ts'
import type { Deps } from '../../core/deps.ts'
import type { DemoPerson } from './demo.ts'

/** A server that listens, as data: the line that `serve --json` prints. */
export type Announcement = {
  url: string
  startUrl: string
  startUrlAlias: string
  region: string
  instanceId: string
  dataDir: string
  people: DemoPerson[]
  accounts: { accountId: string; name: string; roles: string[] }[]
}

/** Describes a server that listens. */
export async function announce(deps: Deps, dataDir: string, people: DemoPerson[]): Promise<Announcement> {
  const { accounts, assignments } = await deps.storage.readOrganization({})
  const rolesOf = (accountId: string) => [
    ...new Set(assignments.filter(({ account }) => account === accountId).map(({ permissionSet }) => permissionSet)),
  ]
  return {
    url: deps.settings.origin,
    startUrl: startUrl(deps.settings),
    startUrlAlias: startUrlAlias(deps.instance),
    region: deps.settings.region,
    instanceId: deps.instance.instanceId,
    dataDir,
    people,
    accounts: accounts.map(({ id, name }) => ({ accountId: id, name, roles: rolesOf(id) })),
  }
}

/** The announcement for a person at a terminal. What is to be pasted begins at the left edge, so that it can be. */
export function renderAnnouncement(announcement: Announcement, listeningOn: string): string {
  const { url, startUrl, people, dataDir } = announcement
  const parts = [
    `${heading(`Portico serves ${url}`)}\n${url === listeningOn ? '' : `It listens on ${listeningOn}. `}Its data is in ${dataDir}. Ctrl-C stops it.`,
    people.length > 0 && `${heading('People')}\n${renderPeople(people)}`,
    `${heading('In the browser')}\n${startUrl}`,
    ...(people.length > 0 ? toolsFor(announcement) : []),
  ]
  return `\n${parts.filter((part) => part !== false).join('\n\n')}\n`
}

function renderPeople(people: readonly DemoPerson[]): string {
  const width = Math.max(...people.map(({ username }) => username.length))
  return people
    .map(({ username, password, administrator }) => {
      return `  ${username.padEnd(width)}   password ${password}${administrator ? '   (administrator)' : ''}`
    })
    .join('\n')
}

function toolsFor({ url, startUrlAlias, region, accounts }: Announcement): string[] {
  const account = accounts.find(({ roles }) => roles.length > 0)
  const roleName = account?.roles[0]
  if (account === undefined || roleName === undefined) return []
  const config = awsConfig({ url, startUrlAlias, region, accountId: account.accountId, roleName, profile: 'portico' })
  return [
    `${heading('AWS CLI 2.13 or later')}: add this to ~/.aws/config\n\n${config.trimEnd()}`,
    `then\n\naws sso login --profile portico\naws sts get-caller-identity --profile portico`,
    `${heading('AWS CLI 2.9 to 2.12')}: the same, and once this\n\n${endpointRuleSetCommand(url).trimEnd()}`,
    `${heading('A program of your own')}: with the package ssooidc\n\n${programFor(url, startUrlAlias)}`,
  ]
}

function programFor(url: string, startUrl: string): string {
  return `import { ssooidc } from 'ssooidc'

const oidc = ssooidc({ endpoint: '${url}' })
const { clientId, clientSecret } = await oidc.registerClient({
  clientName: 'my-program',
  clientType: 'public',
  scopes: ['sso:account:access'],
})
const grant = await oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl: '${startUrl}' })
console.log('Open', grant.verificationUriComplete)`
}

/** Bold where that shows: not in files, and not when NO_COLOR asks for none. */
function heading(text: string): string {
  return styleText('bold', text, { stream: process.stdout })
}
