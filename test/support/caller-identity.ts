/** GetCallerIdentity, signed at an instance's own time: whether credentials open anything. */
import { canonicalRequest, sha256 } from '../../packages/portico/src/core/sigv4/canonical-request.ts'
import { formatTimestamp } from '../../packages/portico/src/core/sigv4/clock.ts'
import { sign } from '../../packages/portico/src/core/sigv4/sign.ts'
import type { TestInstance } from './instance.ts'

/** Role credentials, as far as they sign. */
type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken: string }

/** The status of GetCallerIdentity with these credentials. */
export async function whoIs(
  instance: TestInstance,
  { accessKeyId, secretAccessKey, sessionToken }: Keys,
): Promise<number> {
  const timestamp = formatTimestamp(instance.clock.now)
  const scope = { date: timestamp.slice(0, 8), region: 'us-east-1', service: 'sts' }
  const headers = new Map([
    ['content-type', 'application/x-www-form-urlencoded'],
    ['host', new URL(instance.origin).host],
    ['x-amz-date', timestamp],
    ['x-amz-security-token', sessionToken],
  ])
  const body = 'Action=GetCallerIdentity&Version=2011-06-15'
  const raw = { method: 'POST', target: '/', headers: [...headers], body: Buffer.from(body), peerAddress: '' }
  const canonical = canonicalRequest(raw, headers, sha256(raw.body))
  const signature = sign({ secretAccessKey, scope, timestamp, canonicalRequest: canonical })
  const credential = `${accessKeyId}/${scope.date}/us-east-1/sts/aws4_request`
  const names = [...headers.keys()].join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  const signed = { method: 'POST', headers: [...headers, ['authorization', authorization] as [string, string]], body }
  return (await instance.fetch(new Request(`${instance.origin}/`, signed))).status
}
