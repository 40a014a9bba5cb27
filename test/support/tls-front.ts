/** What stands in front of a server that faces a network: speaks TLS with the tests' certificate and hands on the rest. */
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { certificate, privateKey } from '../client/certificate.ts'
import { type OwnAddress, ownAddress } from './own-address.ts'

/** A front that listens, and where it expects the server. */
export type TlsFront = {
  origin: string
  /** Nothing listens there yet. */
  backend: OwnAddress
  [Symbol.asyncDispose](): Promise<void>
}

/** Listens on a port that the system chooses, before the server that it is for has started. */
export async function startTlsFront(): Promise<TlsFront> {
  const backend = await ownAddress()
  const front = createServer({ cert: certificate, key: privateKey }, (incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const onward = request({ ...backend, method, path, headers, setHost: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(onward)
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  return {
    origin: `https://127.0.0.1:${(front.address() as AddressInfo).port}`,
    backend,
    async [Symbol.asyncDispose]() {
      front.closeAllConnections()
      front.close()
      await once(front, 'close')
    },
  }
}
