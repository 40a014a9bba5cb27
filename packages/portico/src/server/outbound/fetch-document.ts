/**
 * The one way out: fetches a JSON document from another server, within limits. It follows no redirect, reads no more than it
 * was allowed, and looks at the address that a name has before it connects to it, so that nobody who names a server can make
 * this one ask for what only it can reach.
 *
 * Not its job: what is fetched, when, and what it means; and which addresses may be asked (`addresses.ts`).
 */
import { lookup as resolve } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { FetchDocument, FetchOptions } from '../../core/applications/issuer-keys.ts'
import { mayBeAsked } from './addresses.ts'

/** Fetches a JSON document. Rejects when it is none, is too long, takes too long, or is where it must not be asked for. */
export const fetchDocument: FetchDocument = (text, options) => {
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((done, failed) => {
    // A literal address is not looked up, so it has to be judged here.
    if (isIP(host) !== 0 && !mayBeAsked(host, options)) return failed(forbidden(host))
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const request = send(url, {
      headers: { accept: 'application/json' },
      lookup: judging(options),
      agent: false,
      signal: AbortSignal.timeout(options.timeout),
    })
    request.on('error', failed)
    request.on('response', (response) => void read(response, options).then(done, failed))
    request.end()
  })
}

/** What an answer holds. */
async function read(response: IncomingMessage, { mostBytes }: FetchOptions): Promise<unknown> {
  try {
    if (response.statusCode !== 200) throw new Error(`the answer has the status ${response.statusCode}`)
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of response) {
      length += (chunk as Buffer).length // no encoding was set, so chunks are bytes
      if (length > mostBytes) throw new Error(`the answer is longer than ${mostBytes} bytes`)
      chunks.push(chunk as Buffer)
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } finally {
    response.destroy()
  }
}

/** A look-up that finds only addresses which may be asked. What it finds is what is connected to: a name has no second chance. */
function judging(options: FetchOptions): LookupFunction {
  return (hostname, asked, callback) =>
    resolve(hostname, { ...asked, all: true }, (error, found) => {
      if (error) return callback(error, '')
      const address = found.find((each) => mayBeAsked(each.address, options))
      if (address === undefined) return callback(forbidden(hostname), '')
      if (asked.all) callback(null, [address])
      else callback(null, address.address, address.family)
    })
}

function forbidden(host: string): Error {
  return new Error(`${host} is at an address that is not asked for documents`)
}
