/** The canonical form of a request, against two signers that share no code with ours or with each other. */
import assert from 'node:assert/strict'
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import aws4 from 'aws4'
import { SigV4Refusal } from '../../../packages/portico/src/core/sigv4/refusal.ts'
import { verifySigV4 } from '../../../packages/portico/src/core/sigv4/verify.ts'
import type { RawRequest } from '../../../packages/portico/src/protocol/raw-request.ts'
import { NOW, textsOf } from '../parts.ts'
import type { Target } from '../target.ts'

const credentials = { accessKeyId: 'ASIAEXAMPLEEXAMPLE22', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const scope = { service: 'sts', region: 'eu-central-1' }
const DATE = '20261124T120000Z'

export const target: Target = {
  reads: 'what a signature covers: method, path, query, headers, body',
  promises:
    'Refused as incomplete, or signed alike by `aws4` and `@smithy/signature-v4`; each of their signatures is accepted, for this request and no other.',
  files: [
    'packages/portico/src/core/sigv4/canonical-request.ts',
    'packages/portico/src/core/sigv4/headers.ts',
    'packages/portico/src/core/sigv4/verify.ts',
    'packages/portico/src/core/sigv4/sign.ts',
    'packages/portico/src/core/sigv4/clock.ts',
  ],
  seeds: [
    'POST\n/\nAction=GetCallerIdentity\nx-a: b',
    'GET\n/token?aws_iam=t&b=%20%7e&a=\nbody\nx-b:  two  blanks \nx-amz-target: A.B',
    'POST\n/a%20b/%C3%A9/?%F0%9F%98%80=1&%EF%BF%BD=2\n\nx-c:',
    'POST\n/a/../b\n\n',
    'GET\n/?X-Amz-Signature=1\n\n',
    'GET\n/?a=1&A=2\n\n',
  ],
  words: [
    '%2F',
    '%2E',
    '%25',
    '%20',
    '+',
    '?',
    '&',
    '=',
    '/./',
    '/../',
    '//',
    'x-amz-',
    'content-type: ',
    '\t',
    '%E2%82%AC',
  ],
  async check(input) {
    const [method = '', path = '', body = '', headerLines = ''] = textsOf(input, 4)
    if (!/^[A-Z]{1,10}$/.test(method)) return
    const headers = headersOf(headerLines)
    if (headers === undefined) return
    const request = { method, target: path, headers: Object.entries(headers), body: Buffer.from(body, 'latin1') }
    const byAws4 = signByAws4(request, headers)
    if (byAws4 === undefined || !isAccepted({ ...request, headers: byAws4 })) return
    const bySmithy = await signBySmithy(request, headers)
    // Which headers they sign is their own affair; what they make of the same ones is not.
    assert.ok(isAccepted({ ...request, headers: bySmithy }), 'what @smithy/signature-v4 signed is refused')
    for (const other of [`${path}x`, path.slice(0, -1)])
      if (!saysTheSame(other, path))
        assert.ok(!isAccepted({ ...request, target: other, headers: byAws4 }), `also accepted for ${other}`)
    assert.ok(!isAccepted({ ...request, body: Buffer.from(`${body} `, 'latin1'), headers: byAws4 }))
  },
}

type Unsigned = Pick<RawRequest, 'method' | 'target' | 'body'>
type Headers = Readonly<Record<string, string>>

/** Headers as a listener can give them, each once; undefined for what it would have refused. */
function headersOf(lines: string): Headers | undefined {
  const headers: Record<string, string> = { host: 'sts.example', 'x-amz-date': DATE }
  for (const line of lines === '' ? [] : lines.split('\n')) {
    const [, name = '', value = ''] = /^([a-z0-9-]{1,30}):[ \t]*([\x20-\x7e\t]*)$/.exec(line) ?? []
    // These say how to sign, to one signer or the other.
    if (name === '' || name in headers || OWN.includes(name)) return undefined
    headers[name] = value.trimEnd()
  }
  return headers
}
const OWN = [
  'authorization',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'content-length',
  'constructor',
  '__proto__',
]

/** Whether the server takes it. It refuses before it compares, or finds the signature wrong; the former is its right. */
function isAccepted(request: Omit<RawRequest, 'peerAddress'>): boolean {
  try {
    verifySigV4(
      { ...request, peerAddress: '127.0.0.1' },
      { services: ['sts'], regions: ['eu-central-1'], now: NOW, skew: 0, lookup },
    )
    return true
  } catch (error) {
    if (!(error instanceof SigV4Refusal)) throw error
    if (error.kind !== 'incomplete' && error.kind !== 'mismatch') throw error
    return false
  }
}

function lookup() {
  return { secretAccessKey: credentials.secretAccessKey, principal: 'alice' }
}

function signByAws4({ method, target: path, body }: Unsigned, headers: Headers): [string, string][] | undefined {
  const unsigned = { ...scope, host: 'sts.example', method, path, body: body as Buffer, headers: { ...headers } }
  try {
    const { headers: signed = {} } = aws4.sign(unsigned, credentials)
    return Object.entries(signed).map(([name, value]) => [name.toLowerCase(), String(value)])
  } catch (error) {
    // It decodes the path, and gives up on one that is not percent-encoded UTF-8.
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** Whether both are one path, and one set of parameters. */
function saysTheSame(one: string, other: string): boolean {
  const [read, wanted] = [one, other].map((target) => {
    const [path, query = ''] = target.split(/\?(.*)/s, 2)
    return JSON.stringify([path, [...new URLSearchParams(`?${query}`)].sort()])
  })
  return read === wanted
}

async function signBySmithy({ method, target: path, body }: Unsigned, headers: Headers): Promise<[string, string][]> {
  const [pathname = '', search = ''] = path.split(/\?(.*)/s, 2)
  const signer = new SignatureV4({ ...scope, credentials, sha256: Sha256 })
  const query = Object.fromEntries(search === '' ? [] : search.split('&').map(pairOf))
  const unsigned = { protocol: 'https:', hostname: 'sts.example', method, path: pathname, query, headers, body }
  const signed = await signer.sign(unsigned, { signingDate: new Date(NOW) })
  return Object.entries(signed.headers)
}

function pairOf(text: string): [string, string] {
  const [name = '', value = ''] = text.split(/=(.*)/s, 2)
  return [decodeURIComponent(name), decodeURIComponent(value)]
}

/** What AWS's signer asks of a hash; it is called with `new`. */
class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {
    throw new Error('a hash is used once')
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)
}
