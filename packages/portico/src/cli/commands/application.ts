/** `portico application`: which applications there are, their secrets, and the access keys of programs that ask in their name. */
import { accessKeyOf } from '../../core/applications/access-keys.ts'
import { createApplications } from '../../core/applications/applications.ts'
import { applicationSecret } from '../../core/applications/secrets.ts'
import { openKeyring } from '../../core/keys/keyring.ts'
import { systemRandom } from '../../core/keys/random.ts'
import { createSealer } from '../../core/keys/sealing.ts'
import { nearest } from '../../core/organization/nearest.ts'
import type { Instance, Storage } from '../../storage/storage.ts'
import { PARTITION } from '../brokers.ts'
import { openData } from '../data/open-data.ts'
import { rootKeyFor } from '../data/root-key.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { commandEvent } from './known-user.ts'

/** Prints the applications, by name, with the ARN that is each one's client id. */
export async function listApplications(settings: Settings, { json }: { json: boolean }): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { arnOf } = createApplications(data.storage, await instanceOf(data.storage), PARTITION)
  const { applications } = await data.storage.readApplications({})
  const listed = applications.map((application) => ({ name: application.name, arn: arnOf(application) }))
  if (json) return console.log(JSON.stringify(listed))
  const width = Math.max(0, ...listed.map(({ name }) => name.length))
  for (const { name, arn } of listed) console.log(`${name.padEnd(width)}  ${arn}`)
  if (listed.length === 0)
    console.log('There is none yet. Describe applications in an organization file and run `portico apply`.')
}

/**
 * Prints the access key of a name that some application knows as an actor, as JSON of the form that AWS tools take from a
 * program.
 *
 * @throws Failure when no application names it
 */
export async function printAccessKey(settings: Settings, name: string): Promise<void> {
  await using data = await openData(settings, { create: false })
  const instance = await instanceOf(data.storage)
  const { applications } = await data.storage.readApplications({})
  const names = applications.flatMap(({ actors }) => actors.flatMap(({ accessKey }) => accessKey ?? []))
  if (!names.includes(name)) {
    const meant = nearest(name, names)
    const hint = meant ? `Did you mean ${meant}?` : 'Name it as an `accessKey` among the `actors` of one.'
    throw new Failure('error', `No application knows the access key ${name}. ${hint}`)
  }
  const now = Date.now()
  const { key } = rootKeyFor(settings, true)
  const sealer = createSealer(openKeyring(key, await data.storage.readKeys({}), now), systemRandom)
  const { accessKeyId, secretAccessKey } = accessKeyOf(sealer, instance, name)
  // Written down first: what nobody could write down is not shown.
  const detail = { accessKey: name, accessKeyId }
  const audit = commandEvent('portico application', 'RevealAccessKey', null, detail, now)
  await data.storage.recordAudit({ events: [audit] })
  console.log(JSON.stringify({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey }, null, 2))
}

/**
 * Prints what an application authenticates with at the standard endpoints, as JSON.
 *
 * @throws Failure when there is none of this name
 */
export async function printSecret(settings: Settings, name: string): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { storage } = data
  const { arnOf } = createApplications(storage, await instanceOf(storage), PARTITION)
  const { applications } = await storage.readApplications({})
  const application = applications.find((each) => each.name === name)
  if (application === undefined) {
    const meant = nearest(
      name,
      applications.map((each) => each.name),
    )
    const hint = meant ? `Did you mean ${meant}?` : 'Describe it among the `applications` of an organization file.'
    throw new Failure('error', `There is no application ${name}. ${hint}`)
  }
  const now = Date.now()
  const { key } = rootKeyFor(settings, true)
  const sealer = createSealer(openKeyring(key, await storage.readKeys({}), now), systemRandom)
  const client_id = arnOf(application)
  const client_secret = applicationSecret(sealer, client_id)
  // Written down first: what nobody could write down is not shown.
  const audit = commandEvent('portico application', 'RevealApplicationSecret', null, { name }, now)
  await storage.recordAudit({ events: [audit] })
  console.log(JSON.stringify({ client_id, client_secret }, null, 2))
}

async function instanceOf(storage: Storage): Promise<Instance> {
  const instance = await storage.readInstance({})
  if (instance === undefined) throw new Failure('data', 'There is no instance yet. Start one with `portico serve`.')
  return instance
}
