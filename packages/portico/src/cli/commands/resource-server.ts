/** `portico resource-server`: the services that may ask about access tokens, and what each proves itself with. */
import { openKeyring } from '../../core/keys/keyring.ts'
import { systemRandom } from '../../core/keys/random.ts'
import { createSealer } from '../../core/keys/sealing.ts'
import { resourceServerSecret } from '../../core/oauth2/resource-servers.ts'
import { nearest } from '../../core/organization/nearest.ts'
import { openData } from '../data/open-data.ts'
import { rootKeyFor } from '../data/root-key.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { commandEvent } from './known-user.ts'
import { table } from './table.ts'

/** Prints the resource servers, by name, with the scopes that each is told of. */
export async function listResourceServers(settings: Settings, { json }: { json: boolean }): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { resourceServers } = await data.storage.readApplications({})
  const listed = resourceServers.map(({ name, scopes }) => ({ name, scopes }))
  if (json) return console.log(JSON.stringify(listed))
  if (listed.length === 0)
    return console.log('There is none yet. Declare `resourceServers` in an organization file and run `portico apply`.')
  console.log(table([['NAME', 'SCOPES'], ...listed.map(({ name, scopes }) => [name, scopes.join(' ')])]))
}

/**
 * Prints what a resource server authenticates with at the introspection endpoint, as JSON.
 *
 * @throws Failure when there is none of this name
 */
export async function printSecret(settings: Settings, name: string): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { resourceServers } = await data.storage.readApplications({})
  const names = resourceServers.map((server) => server.name)
  if (!names.includes(name)) {
    const meant = nearest(name, names)
    const hint = meant ? `Did you mean ${meant}?` : 'Declare it among the `resourceServers` of an organization file.'
    throw new Failure('error', `There is no resource server ${name}. ${hint}`)
  }
  const now = Date.now()
  const { key } = rootKeyFor(settings, true)
  const sealer = createSealer(openKeyring(key, await data.storage.readKeys({}), now), systemRandom)
  // Written down first: what nobody could write down is not shown.
  const audit = commandEvent('portico resource-server', 'RevealResourceServerSecret', null, { name }, now)
  await data.storage.recordAudit({ events: [audit] })
  console.log(JSON.stringify({ client_id: name, client_secret: resourceServerSecret(sealer, name) }, null, 2))
}
