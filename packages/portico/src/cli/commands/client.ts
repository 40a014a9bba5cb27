/** `portico client`: registered programs. They are not stored, so that the only thing to do with one is to deny it. */
import { REGISTRATION_LIFE } from '../../core/clients/register-client.ts'
import { REVOCATION_LIFE } from '../../core/sessions/tokens.ts'
import { openData } from '../data/open-data.ts'
import type { Settings } from '../settings.ts'
import { commandEvent } from './known-user.ts'
import { clientHashOf } from './session.ts'

/** Denies a client for as long as its registration could live: nothing of it is accepted, and its sessions end. */
export async function denyClient(settings: Settings, client: string, { json }: { json: boolean }): Promise<void> {
  const clientHash = clientHashOf(client)
  await using data = await openData(settings, { create: false })
  const now = Date.now()
  const ended = await data.storage.denyClient({
    ...{ clientHash, reason: 'administrator', revokedUntil: now + REVOCATION_LIFE, now },
    deniedUntil: now + REGISTRATION_LIFE,
    audit: commandEvent('portico client', 'DenyClient', null, { clientHash }, now),
  })
  if (json) return console.log(JSON.stringify({ clientHash, ended }))
  console.log(`The client is denied. ${ended === 1 ? 'One session of it has' : `${ended} sessions of it have`} ended.`)
}
