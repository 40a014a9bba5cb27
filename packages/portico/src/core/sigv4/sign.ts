import { createHmac } from 'node:crypto'

import { algorithm, type CredentialScope, terminator } from './authorization-header.ts'
import { sha256 } from './canonical-request.ts'

/**
 * The signature that this secret makes for a canonical request, in lower-case hexadecimal.
 *
 * The key is derived anew each time. Remembering it would save some 6 µs, and would make a key that was seen lately
 * answer faster than one that was never issued.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature
 */
export function sign(input: {
  secretAccessKey: string
  scope: CredentialScope
  /** The `x-amz-date` of the request. */
  timestamp: string
  canonicalRequest: string
}): string {
  const { date, region, service } = input.scope
  const toSign = [
    algorithm,
    input.timestamp,
    `${date}/${region}/${service}/${terminator}`,
    sha256(input.canonicalRequest),
  ].join('\n')
  const key = [date, region, service, terminator].reduce<string | Buffer>(hmac, `AWS4${input.secretAccessKey}`)
  return hmac(key, toSign).toString('hex')
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}
