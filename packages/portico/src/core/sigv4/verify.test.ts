import assert from 'node:assert/strict'
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { suite, test } from 'node:test'

import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'

import type { RawRequest } from '../../protocol/raw-request.ts'
import { defaultSkew } from './clock.ts'
import { SigV4Refusal, type SigV4RefusalKind } from './refusal.ts'
import { type VerifyOptions, verifySigV4 } from './verify.ts'

const now = Date.UTC(2026, 10, 24, 12)
const alice = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE22',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'ptc_st_example',
}

suite('requests that the AWS SDK signs', () => {
  test('verify, whatever their method, path, query, headers and body', async () => {
    await fc.assert(
      fc.asyncProperty(anyUnsigned, async (unsigned) => {
        assert.deepEqual(verifySigV4(await sign(unsigned), options()), {
          principal: 'alice',
          accessKeyId: alice.accessKeyId,
          region: 'us-east-1',
          service: 'sts',
          signedAt: now,
        })
      }),
    )
  })

  test('are refused once any bit of what was signed is another', async () => {
    await fc.assert(
      fc.asyncProperty(anyUnsigned, fc.nat(), fc.nat(7), async (unsigned, position, bit) => {
        const request = await sign(unsigned)
        const changed = flipBit(request, position, bit)
        fc.pre(!(changed.target !== request.target && decodesAlike(changed.target, request.target)))
        assert.throws(() => verifySigV4(changed, options()), SigV4Refusal)
      }),
      { numRuns: 500 },
    )
  })

  test('are refused under another secret', async () => {
    const request = await sign({}, { credentials: { ...alice, secretAccessKey: `${alice.secretAccessKey}x` } })
    refuses(request, 'mismatch', /secret access key/)
  })
})

suite('the clock', () => {
  const signedAt = (milliseconds: number) => sign({}, { signingDate: new Date(now + milliseconds) })

  test('may be five minutes off, either way', async () => {
    assert.equal(verifySigV4(await signedAt(-defaultSkew), options()).signedAt, now - 300_000)
    assert.equal(verifySigV4(await signedAt(defaultSkew), options()).signedAt, now + 300_000)
  })

  test('may not be a second more than that behind', async () => {
    refuses(
      await signedAt(-defaultSkew - 1000),
      'clock-skew',
      /^Signature expired: 20261124T115459Z .* 20261124T120000Z/,
    )
  })

  test('may not be a second more than that ahead', async () => {
    refuses(await signedAt(defaultSkew + 1000), 'clock-skew', /^Signature not yet current: 20261124T120501Z/)
  })

  test('may be given more room by a setting', async () => {
    assert.equal(verifySigV4(await signedAt(-900_000), options({ skew: 900_000 })).principal, 'alice')
  })

  test('is told only to who proves to hold the key', async () => {
    const request = await sign({}, { signingDate: new Date(0), credentials: { ...alice, secretAccessKey: 'guess' } })
    refuses(request, 'mismatch')
  })

  test('must be a moment that exists, in the basic format, in UTC', async () => {
    for (const text of ['20261124T120000', '2026-11-24T12:00:00Z', '20260230T120000Z', '20261124T250000Z', '', 'now']) {
      refuses(replaceHeader(await sign({}), 'x-amz-date', text), 'incomplete', /x-amz-date/)
    }
  })

  test('must be in x-amz-date: Date alone is not enough', async () => {
    const request = replaceHeader(await sign({}), 'x-amz-date', undefined)
    refuses(editAuthorization(request, /;x-amz-date/, ''), 'incomplete', /x-amz-date/)
  })
})

suite('the credential scope', () => {
  test('must be of the day of x-amz-date, so that a signing key ends with its day', async () => {
    refuses(editAuthorization(await sign({}), /\/20261124\//, '/20261123/'), 'mismatch', /another day/)
  })

  test('must name a service of this endpoint', async () => {
    refuses(await sign({}, { service: 'sso-oauth' }), 'mismatch', /for the service sso-oauth, not for sts/)
  })

  test('must name a region of this endpoint, where that is limited', async () => {
    const request = await sign({}, { region: 'eu-west-1' })
    refuses(request, 'mismatch', /for the region eu-west-1, not for us-east-1/, options({ regions: ['us-east-1'] }))
    assert.equal(verifySigV4(request, options()).region, 'eu-west-1')
  })

  test('must end in aws4_request', async () => {
    refuses(editAuthorization(await sign({}), /aws4_request/, 'aws5_request'), 'incomplete', /aws4_request/)
  })
})

suite('the Authorization header', () => {
  test('must be there', async () => {
    refuses(replaceHeader(await sign({}), 'authorization', undefined), 'missing')
  })

  test('may have its parts in any order and any space between them', async () => {
    const request = await sign({})
    const value = headerOf(request, 'authorization')
    const [credential, signedHeaders, signature] = value.slice('AWS4-HMAC-SHA256 '.length).split(', ')
    const shuffled = `AWS4-HMAC-SHA256  ${signature},${credential} ,\t${signedHeaders}`
    assert.equal(verifySigV4(replaceHeader(request, 'authorization', shuffled), options()).principal, 'alice')
  })

  const malformed: Record<string, readonly [RegExp, string]> = {
    'another algorithm': [/AWS4-HMAC-SHA256/, 'AWS4-ECDSA-P256-SHA256'],
    'the algorithm in lower case': [/AWS4-HMAC-SHA256/, 'aws4-hmac-sha256'],
    'another scheme': [/^.*$/, 'Bearer ptc_at_example'],
    'no parts': [/ .*$/, ''],
    'a part twice': [/$/, ', SignedHeaders=host'],
    'a part that is not known': [/$/, ', Expires=900'],
    'a part in another case': [/Signature=/, 'signature='],
    'an empty part': [/Signature=.*$/, 'Signature='],
    'no signature': [/, Signature=.*$/, ''],
    'no credential': [/Credential=[^,]*, /, ''],
    'a short credential': [/\/sts\/aws4_request/, '/aws4_request'],
    'a long credential': [/Credential=/, 'Credential=a/'],
    'an unsorted list of headers': [
      /SignedHeaders=host;x-amz-content-sha256/,
      'SignedHeaders=x-amz-content-sha256;host',
    ],
    'a header listed twice': [/SignedHeaders=host;/, 'SignedHeaders=host;host;'],
    'a listed header in upper case': [/SignedHeaders=host;/, 'SignedHeaders=Host;'],
    'an empty name in the list': [/SignedHeaders=host;/, 'SignedHeaders=host;;'],
  }
  for (const [name, [pattern, replacement]] of Object.entries(malformed)) {
    test(`is refused with ${name}`, async () => {
      refuses(editAuthorization(await sign({}), pattern, replacement), 'incomplete')
    })
  }

  test('is refused beside a signature in the query, and a signature in the query alone is refused', async () => {
    for (const query of ['X-Amz-Signature=0', 'x-amz-credential=a', 'X-AMZ-Algorithm=b', '%58-Amz-Date=c']) {
      refuses({ ...(await sign({})), target: `/?${query}` }, 'incomplete', /Presigned/)
    }
    const presigned = replaceHeader(await sign({}), 'authorization', undefined)
    refuses({ ...presigned, target: '/?X-Amz-Signature=0' }, 'missing')
  })

  test('with a signature of another length is a refusal like any wrong one', async () => {
    for (const signature of ['0', '0'.repeat(63), '0'.repeat(64), '0'.repeat(65), 'F'.repeat(64)]) {
      refuses(editAuthorization(await sign({}), /Signature=.*$/, `Signature=${signature}`), 'mismatch')
    }
  })
})

suite('headers', () => {
  for (const name of ['host', 'content-type', 'x-amz-security-token', 'x-amz-date', 'x-amz-target']) {
    test(`${name} must be signed when it is sent`, async () => {
      const unsigned = { headers: { 'content-type': 'text/plain', 'x-amz-target': 'a' } }
      const request = await sign(unsigned, { unsignableHeaders: new Set([name]) })
      refuses(request, 'incomplete', new RegExp(`${name} must be signed`))
    })
  }

  test('must include host', async () => {
    const request = await sign({}, { unsignableHeaders: new Set(['host']) })
    refuses(replaceHeader(request, 'host', undefined), 'incomplete', /host must be signed/)
  })

  test('added on the way are refused when their names begin with x-amz-', async () => {
    refuses(addHeader(await sign({}), 'X-AMZ-Meta', 'x'), 'incomplete', /x-amz-meta must be signed/)
  })

  test('of other names may be added on the way', async () => {
    const request = addHeader(addHeader(await sign({}), 'X-Forwarded-For', '10.0.0.1'), 'x-forwarded-for', '10.0.0.2')
    assert.equal(verifySigV4(request, options()).principal, 'alice')
  })

  for (const name of ['Authorization', 'Host', 'Content-Type', 'X-Amz-Date', 'x-amz-security-token']) {
    test(`may not have ${name} twice, in whatever case`, async () => {
      const request = await sign({ headers: { 'content-type': 'text/plain' } })
      const same = headerOf(request, name.toLowerCase())
      for (const variant of [name, name.toLowerCase(), name.toUpperCase()]) {
        refuses(addHeader(request, variant, same), 'incomplete', /two/)
      }
    })
  }

  test('that are signed must be there, once', async () => {
    const request = await sign({ headers: { 'amz-sdk-request': 'attempt=1' } })
    refuses(replaceHeader(request, 'amz-sdk-request', undefined), 'incomplete', /amz-sdk-request/)
    refuses(addHeader(request, 'Amz-Sdk-Request', 'attempt=1'), 'incomplete', /amz-sdk-request/)
  })

  test('lose runs of spaces and tabs, and no other space', async () => {
    const request = await sign({ headers: { 'x-words': 'a b' } })
    assert.equal(verifySigV4(replaceHeader(request, 'x-words', '\ta \t b '), options()).principal, 'alice')
    refuses(replaceHeader(request, 'x-words', 'a\u00a0b'), 'mismatch')
    refuses(replaceHeader(request, 'x-words', 'a b\u00a0'), 'mismatch')
  })

  test('hold bytes: a character that no byte stands for is refused', async () => {
    const request = await sign({ headers: { 'x-words': ' ' } })
    // Cut to its low byte, U+0120 would be the space that was signed.
    for (const value of ['\u0120', '\0', '\n', '\x7f']) refuses(replaceHeader(request, 'x-words', value), 'incomplete')
  })

  test('name a host of ours, in any case, when our hosts are known', async () => {
    const hosts = ['portico.example:8000']
    const request = await sign({ headers: { host: 'Portico.Example:8000', 'x-forwarded-host': 'evil.example' } })
    assert.equal(verifySigV4(request, options({ hosts })).principal, 'alice')
    const other = await sign({ headers: { host: 'evil.example', 'x-forwarded-host': 'portico.example:8000' } })
    refuses(other, 'mismatch', /evil\.example/, options({ hosts }))
  })
})

suite('the body', () => {
  test('is hashed as it arrived', async () => {
    const request = await sign({ body: Buffer.from('Action=GetCallerIdentity') })
    refuses({ ...request, body: Buffer.from('Action=GetCallerIdentity ') }, 'mismatch')
  })

  test('needs no x-amz-content-sha256, as botocore sends none', async () => {
    const request = await sign({ body: Buffer.from('a=1') }, { applyChecksum: false })
    assert.ok(request.headers.every(([name]) => name !== 'x-amz-content-sha256'))
    assert.equal(verifySigV4(request, options()).principal, 'alice')
    refuses({ ...request, body: Buffer.from('a=2') }, 'mismatch', /secret access key/)
  })

  test('must be what x-amz-content-sha256 says, even when that is signed', async () => {
    const claimed = createHash('sha256').update('a=1').digest('hex')
    const request = await sign({ body: Buffer.from('a=2'), headers: { 'x-amz-content-sha256': claimed } })
    refuses(request, 'mismatch', /x-amz-content-sha256/)
  })

  test('may be neither unsigned nor streaming', async () => {
    for (const claimed of [
      'UNSIGNED-PAYLOAD',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    ]) {
      refuses(await sign({ headers: { 'x-amz-content-sha256': claimed } }), 'incomplete', /body must be signed/)
    }
  })
})

suite('the request-target', () => {
  const refused: Record<string, string> = {
    'the absolute form': 'http://portico.example/',
    'the authority form': 'portico.example:443',
    'the asterisk form': '*',
    'a fragment': '/#a',
    'a space': '/a b',
    'bytes that are not ASCII': '/caf\u00e9',
    'a zero byte': '/a%00b',
    'an encoded slash': '/a%2fb',
    'a backslash': '/a\\b',
    'an encoded backslash': '/a%5Cb',
    'a dot segment': '/a/./b',
    'a double-dot segment': '/a/../b',
    'an encoded dot segment': '/a/%2E%2e/b',
    'an empty segment': '//a',
    'half an escape': '/a%2',
    'an escape that is not UTF-8': '/%ff',
    'half an escape in the query': '/?a=%2',
    'an escape in the query that is not UTF-8': '/?a=%c3',
    'a bare plus in the query': '/?a=b+c',
    'a parameter twice': '/?a=1&a=1',
    'a parameter twice in another case': '/?aws_iam=t&AWS_iam=t',
    'a parameter twice in another encoding': '/?a=1&%61=2',
    'a parameter without a name': '/?=1',
    'an empty parameter': '/?a=1&&b=2',
  }
  for (const [name, target] of Object.entries(refused)) {
    test(`is refused with ${name}`, async () => {
      refuses({ ...(await sign({})), target }, 'incomplete')
    })
  }

  test('may encode its query as it likes, while it says the same', async () => {
    const request = await sign({ query: { b: "~'()* /", a: 'ü', C: '' } })
    for (const target of ["/?b=~'()*%20/&a=%c3%bc&C", '/?C=&a=%C3%BC&b=%7e%27%28%29%2A%20%2F']) {
      assert.equal(verifySigV4({ ...request, target }, options()).principal, 'alice')
    }
  })

  test('may not encode its path in another way, which is encoded a second time', async () => {
    const request = await sign({ path: '/a%20b' })
    assert.equal(verifySigV4(request, options()).principal, 'alice')
    refuses({ ...request, target: '/%61%20b' }, 'mismatch')
  })

  test('sorts its query by bytes, not by UTF-16 units', async () => {
    // U+FFFD sorts before U+1F600 in UTF-8 and after it in UTF-16.
    const request = await sign({ query: { '\u{1f600}': '1', '\ufffd': '2' } })
    assert.equal(verifySigV4(request, options()).principal, 'alice')
  })
})

suite('who signed', () => {
  test('is unknown when nobody holds the access key, whatever the signature', async () => {
    const stranger = { ...alice, accessKeyId: 'ASIASTRANGER' }
    refuses(await sign({}, { credentials: stranger }), 'unknown-access-key')
    // Not even with the secret that stands in for the one that nobody has.
    refuses(await sign({}, { credentials: { ...stranger, secretAccessKey: '0'.repeat(40) } }), 'unknown-access-key')
  })

  test('is unknown when the session token belongs to another access key, or is not sent', async () => {
    refuses(await sign({}, { credentials: { ...alice, sessionToken: 'ptc_st_other' } }), 'unknown-access-key')
    const { sessionToken: _, ...longTerm } = alice
    refuses(await sign({}, { credentials: longTerm }), 'unknown-access-key')
  })

  test('is refused once the credentials have expired, and only then', async () => {
    const until = (expiresAt: number) => options({ lookup: () => ({ ...alice, principal: 'alice', expiresAt }) })
    const request = await sign({})
    assert.equal(verifySigV4(request, until(now + 1)).principal, 'alice')
    refuses(request, 'expired-credentials', /Get new ones/, until(now))
  })

  test('is told of expired credentials only when the signature is right', async () => {
    const expired = options({ lookup: () => ({ ...alice, principal: 'alice', expiresAt: 0 }) })
    refuses(await sign({}, { credentials: { ...alice, secretAccessKey: 'guess' } }), 'mismatch', /./, expired)
  })
})

type Unsigned = {
  method?: string
  path?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array
}

type SignOptions = {
  service?: string
  region?: string
  signingDate?: Date
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  unsignableHeaders?: Set<string>
  applyChecksum?: boolean
}

function options(changes: Partial<VerifyOptions<string>> = {}): VerifyOptions<string> {
  return {
    services: ['sts'],
    regions: 'any',
    now,
    skew: defaultSkew,
    lookup: (id, token) =>
      id === alice.accessKeyId && token === alice.sessionToken ? { ...alice, principal: 'alice' } : undefined,
    ...changes,
  }
}

/** Signs with AWS's own signer, and puts the result as it would come off the socket. */
async function sign(unsigned: Unsigned, changes: SignOptions = {}): Promise<RawRequest> {
  const { method = 'POST', path = '/', query = {}, headers = {}, body = new Uint8Array() } = unsigned
  const { service = 'sts', region = 'us-east-1', credentials = alice, applyChecksum = true, ...signing } = changes
  const signer = new SignatureV4({ service, region, credentials, applyChecksum, sha256: Sha256 })
  const request = {
    method,
    path,
    query,
    headers: { host: 'portico.example', ...headers },
    body,
    protocol: 'https:',
    hostname: '',
  }
  const signed = await signer.sign(request, { signingDate: new Date(now), ...signing })
  const search = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='))
  return {
    method,
    target: search.length === 0 ? path : `${path}?${search.join('&')}`,
    headers: Object.entries(signed.headers),
    body,
    peerAddress: '127.0.0.1',
  }
}

/** What AWS's signer asks of a hash; it is called with `new`. */
class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBytes(secret))
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(toBytes(data))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {
    throw new Error('a hash is used once')
  }
}

function toBytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)
}

function refuses(request: RawRequest, kind: SigV4RefusalKind, message = /./, verifyOptions = options()): void {
  assert.throws(
    () => verifySigV4(request, verifyOptions),
    (error) => {
      assert.ok(error instanceof SigV4Refusal)
      assert.equal(error.kind, kind, error.message)
      assert.match(error.message, message)
      assert.ok(!error.message.includes(alice.secretAccessKey) && !error.message.includes(alice.sessionToken))
      return true
    },
  )
}

function headerOf(request: RawRequest, name: string): string {
  const found = request.headers.find(([sent]) => sent.toLowerCase() === name)
  assert.ok(found, `the request has no header ${name}`)
  return found[1]
}

function replaceHeader(request: RawRequest, name: string, value: string | undefined): RawRequest {
  headerOf(request, name)
  const others = request.headers.filter(([sent]) => sent.toLowerCase() !== name)
  return { ...request, headers: value === undefined ? others : [...others, [name, value]] }
}

function addHeader(request: RawRequest, name: string, value: string): RawRequest {
  return { ...request, headers: [...request.headers, [name, value]] }
}

function editAuthorization(request: RawRequest, pattern: RegExp, replacement: string): RawRequest {
  const value = headerOf(request, 'authorization')
  assert.match(value, pattern)
  return replaceHeader(request, 'authorization', value.replace(pattern, replacement))
}

/** Flips one bit of the method, the target, a header's value or the body; which one, `position` says. */
function flipBit(request: RawRequest, position: number, bit: number): RawRequest {
  const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte))
  const flipText = (text: string, at: number) => Buffer.from(flip(Buffer.from(text, 'latin1'), at)).toString('latin1')
  const parts = [request.method, request.target, ...request.headers.map(([, value]) => value), request.body]
  let at = position % parts.reduce((length, part) => length + part.length, 0)
  const index = parts.findIndex((part) => {
    if (at < part.length) return true
    at -= part.length
    return false
  })
  return {
    ...request,
    method: index === 0 ? flipText(request.method, at) : request.method,
    target: index === 1 ? flipText(request.target, at) : request.target,
    headers: request.headers.map(([name, value], i) => [name, index === i + 2 ? flipText(value, at) : value]),
    body: index === parts.length - 1 ? flip(request.body, at) : request.body,
  }
}

/** True for `%c3` and `%C3` in a query: to change the case of an escape changes no meaning. */
function decodesAlike(a: string, b: string): boolean {
  const fold = (target: string) => target.replace(/%[0-9a-f]{2}/gi, (octet) => octet.toUpperCase())
  return fold(a) === fold(b)
}

const anyText = fc.string({ unit: 'binary', maxLength: 12 })

const anySegment = anyText.filter((text) => !['', '.', '..'].includes(text) && !/[\0/\\]/.test(text))

const anyQuery = fc
  .uniqueArray(fc.tuple(anyText, anyText), { selector: ([name]) => name.toLowerCase(), maxLength: 5 })
  .map((pairs) => pairs.filter(([name]) => name !== '' && name !== '__proto__' && !/^x-amz-/i.test(name)))

const anyHeaders = fc.dictionary(
  fc.stringMatching(/^x-[a-z0-9]{1,8}$/).filter((name) => !name.startsWith('x-amz')),
  fc.stringMatching(/^[\t -~]{0,16}$/),
  { maxKeys: 4 },
)

const anyUnsigned: fc.Arbitrary<Required<Unsigned>> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
  path: fc.array(anySegment, { maxLength: 3 }).map((segments) => `/${segments.map(encodeURIComponent).join('/')}`),
  query: anyQuery.map((pairs) => Object.fromEntries(pairs)),
  headers: anyHeaders,
  body: fc.uint8Array({ maxLength: 64 }),
})
