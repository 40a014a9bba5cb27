/** Properties of what reads a signature, and the canonical request against a second signer that shares no code with the first. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import aws4 from 'aws4'
import fc from 'fast-check'
import hostile from '../../../../../test/corpora/authorization-headers.json' with { type: 'json' }
import { algorithm, parseAuthorizationHeader } from './authorization-header.ts'
import { canonicalPath, canonicalQuery } from './canonical-request.ts'
import { SigV4Refusal } from './refusal.ts'
import { verifySigV4 } from './verify.ts'

const now = Date.UTC(2026, 10, 24, 12)
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const accessKeyId = 'ASIAEXAMPLEEXAMPLE22'

suite('an Authorization header', () => {
  const words = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
  const header = fc.record({
    accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/),
    date: fc.stringMatching(/^[0-9]{8}$/),
    region: words,
    service: words,
    signedHeaders: fc.uniqueArray(words, { minLength: 1, maxLength: 5 }).map((names) => names.sort()),
    signature: fc.stringMatching(/^[0-9a-f]{64}$/),
  })
  const write = (it: typeof header extends fc.Arbitrary<infer T> ? T : never) =>
    `${algorithm} Credential=${it.accessKeyId}/${it.date}/${it.region}/${it.service}/aws4_request, SignedHeaders=${it.signedHeaders.join(';')}, Signature=${it.signature}`

  test('is read as it was written', () => {
    fc.assert(
      fc.property(header, (it) => {
        const { date, region, service, ...rest } = it
        assert.deepEqual(parseAuthorizationHeader(write(it)), { ...rest, scope: { date, region, service } })
      }),
    )
  })

  test('that is anything else is refused, and nothing else is thrown', () => {
    const damaged = fc
      .tuple(header, fc.nat(), fc.nat(), fc.string({ unit: 'binary', maxLength: 4 }))
      .map(([it, at, length, put]) => {
        const text = write(it)
        const from = at % text.length
        return text.slice(0, from) + put + text.slice(from + (length % 4))
      })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), damaged), (text) => {
        try {
          const { signedHeaders } = parseAuthorizationHeader(text)
          assert.deepEqual(signedHeaders, [...new Set(signedHeaders)].sort())
        } catch (error) {
          assert.ok(error instanceof SigV4Refusal, String(error))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  for (const text of hostile)
    test(`“${text}” signs nothing`, () => {
      const request = { method: 'GET', target: '/', body: new Uint8Array(), peerAddress: '127.0.0.1' }
      const headers = [
        ['host', 'sts.example'],
        ['x-amz-date', '20261124T120000Z'],
        ['authorization', text],
      ] as const
      const lookup = () => ({ secretAccessKey, principal: 'alice' })
      assert.throws(
        () => verifySigV4({ ...request, headers }, { services: ['sts'], regions: 'any', now, skew: 300_000, lookup }),
        SigV4Refusal,
      )
    })
})

suite('the canonical request', () => {
  const segment = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 8 })
    .filter((text) => !/[\0/\\]|^\.{1,2}$/.test(text))
  const query = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z~!'()*. é-]{1,6}$/), fc.string({ maxLength: 8 })), {
    selector: ([name]) => name.toLowerCase(),
    maxLength: 4,
  })

  test('is the one that aws4 signs, whatever the path, query and body', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 3 }), query, fc.string({ maxLength: 40 }), (segments, pairs, body) => {
        const path = `/${segments.map(encodeURIComponent).join('/')}`
        const search = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
        const target = search === '' ? path : `${path}?${search}`
        const signed = aws4.sign(
          {
            host: 'sts.example',
            path: target,
            method: 'POST',
            body,
            service: 'sts',
            region: 'eu-central-1',
            headers: { 'X-Amz-Date': '20261124T120000Z', 'Content-Type': 'text/plain' },
          },
          { accessKeyId, secretAccessKey },
        )
        const headers = Object.entries(signed.headers ?? {}).map(([name, value]) => [name, String(value)] as const)
        const { principal } = verifySigV4(
          { method: 'POST', target, headers, body: Buffer.from(body), peerAddress: '127.0.0.1' },
          {
            services: ['sts'],
            regions: ['eu-central-1'],
            now,
            skew: 0,
            lookup: () => ({ secretAccessKey, principal: 'alice' }),
          },
        )
        assert.equal(principal, 'alice')
      }),
    )
  })

  test('has one spelling: what is canonical stays as it is, and what is read is refused or canonical', () => {
    const refusedOr = (read: () => string, check: (canonical: string) => void) => {
      let canonical: string
      try {
        canonical = read()
      } catch (error) {
        assert.ok(error instanceof SigV4Refusal, String(error))
        return
      }
      check(canonical)
    }
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.stringMatching(/^[a-zA-Z0-9%&=+/.~é-]{0,20}$/),
    )
    fc.assert(
      fc.property(text, (any) => {
        refusedOr(
          () => canonicalQuery(any),
          (canonical) => {
            assert.match(canonical, /^[A-Za-z0-9\-._~%=&]*$/)
            assert.equal(canonicalQuery(canonical), canonical)
          },
        )
        refusedOr(
          () => canonicalPath(`/${any}`),
          (canonical) => assert.match(canonical, /^\/[A-Za-z0-9\-._~%/]*$/),
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
