/** The header in which a signature speaks of itself. */
import assert from 'node:assert/strict'
import {
  type AuthorizationHeader,
  algorithm,
  parseAuthorizationHeader,
} from '../../../packages/portico/src/core/sigv4/authorization-header.ts'
import { SigV4Refusal } from '../../../packages/portico/src/core/sigv4/refusal.ts'
import hostile from '../../corpora/authorization-headers.json' with { type: 'json' }
import type { Target } from '../target.ts'

const signed = `${algorithm} Credential=ASIAEXAMPLE/20261124/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=0f`

export const target: Target = {
  reads: 'the `Authorization` header of Signature Version 4',
  promises:
    'Refused as incomplete, or read as a second, simpler reader reads it; what was read, written and read again is the same.',
  files: ['packages/portico/src/core/sigv4/authorization-header.ts'],
  seeds: [signed, signed.replaceAll(', ', ','), ...hostile],
  words: ['Credential=', 'SignedHeaders=', 'Signature=', 'aws4_request', algorithm, ', ', ';'],
  check(input) {
    const text = input.toString('latin1')
    const read = readOrRefuse(text)
    if (read === undefined) return
    assert.deepEqual(readOrRefuse(write(read)), read)
    assert.deepEqual(read, simply(text))
  },
}

function readOrRefuse(text: string): AuthorizationHeader | undefined {
  try {
    return parseAuthorizationHeader(text)
  } catch (error) {
    if (error instanceof SigV4Refusal && error.kind === 'incomplete') return undefined
    throw error
  }
}

function write({ accessKeyId, scope, signedHeaders, signature }: AuthorizationHeader): string {
  const credential = [accessKeyId, scope.date, scope.region, scope.service, 'aws4_request'].join('/')
  return `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
}

/** By splitting alone. It is right about whatever the strict reader accepts. */
function simply(text: string): AuthorizationHeader {
  const parts = new Map<string, string>()
  for (const part of text.slice(text.search(/[ \t]/)).split(',')) {
    const [name = '', ...value] = part.trim().split('=')
    parts.set(name, value.join('='))
  }
  assert.equal(parts.size, 3)
  const [accessKeyId = '', date = '', region = '', service = ''] = (parts.get('Credential') ?? '').split('/')
  return {
    accessKeyId,
    scope: { date, region, service },
    signedHeaders: (parts.get('SignedHeaders') ?? '').split(';'),
    signature: parts.get('Signature') ?? '',
  }
}
