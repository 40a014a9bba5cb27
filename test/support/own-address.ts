/**
 * A place to listen that one program must know before another listens there. On 127.0.0.1 such a port may be gone by then, for
 * every test takes its ports from there; so this is one of the sixteen million other addresses of this machine.
 */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** An address and a port of it, at which nobody listens and nobody else will. */
export type OwnAddress = { readonly host: string; readonly port: number }

/** Finds one. Only Linux answers at all of 127.0.0.0/8 without being told. */
export async function ownAddress(): Promise<OwnAddress> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`
  const probe = createServer().listen(0, host)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('a listener on TCP without a port')
  return { host, port: address.port }
}
