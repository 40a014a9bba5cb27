/** Requests to `identitystore`, in JSON 1.1. */
import assert from 'node:assert/strict'
import { decodeRequest, operationOf } from '../../../packages/portico/src/protocol/aws-json.ts'
import { identityStore } from '../../../packages/portico/src/protocol/identity-store.ts'
import { asJson, partsOf, unlessRefused } from '../parts.ts'
import type { Target } from '../target.ts'

const { targetPrefix, operations } = identityStore
const store = '"IdentityStoreId":"d-0123456789"'
const id = '0a1b2c3d-0000-4000-8000-000000000000'

export const target: Target = {
  reads: 'requests to `identitystore` (awsJson 1.1)',
  promises:
    'No operation, or refused as malformed, or an input of declared members with the values that `JSON.parse` gives; written and read again, the same.',
  files: ['packages/portico/src/protocol/aws-json.ts', 'packages/ssooidc/src/protocol/read.ts'],
  seeds: [
    ...Object.values(operations).map(({ name }) => `${targetPrefix}.${name}\n{${store}}`),
    `${targetPrefix}.DescribeUser\n{${store},"UserId":"${id}"}`,
    `${targetPrefix}.ListUsers\n{${store},"MaxResults":10,"NextToken":"a","Filters":[{"AttributePath":"UserName","AttributeValue":"alice"}]}`,
    `${targetPrefix}.GetUserId\n{${store},"AlternateIdentifier":{"UniqueAttribute":{"AttributePath":"emails.value","AttributeValue":"a@b"}}}`,
    `${targetPrefix}.IsMemberInGroups\n{${store},"MemberId":{"UserId":"${id}"},"GroupIds":["${id}"]}`,
  ],
  words: [
    `${targetPrefix}.`,
    '":{"',
    '":["',
    '":[{"',
    'null',
    'IdentityStoreId',
    'AlternateIdentifier',
    'MaxResults',
    'Filters',
    '__proto__',
  ],
  check(input) {
    const [name, body = Buffer.alloc(0)] = partsOf(input, 2)
    const operation = operationOf(identityStore, name?.toString('latin1') ?? '')
    if (operation === undefined) return
    const read = (from: Uint8Array) =>
      unlessRefused([identityStore.edge.malformed], () =>
        decodeRequest(identityStore, operation, { method: 'POST', query: '', header: () => undefined, body: from }),
      )
    const value = read(body)
    if (value === undefined) return
    const json = asJson(value)
    assert.deepEqual(asJson(read(Buffer.from(JSON.stringify(json)))), json)
    within(json, JSON.parse(body.toString('utf8')))
  },
}

/** Whether all that was read is in what was sent. */
function within(read: unknown, sent: unknown): void {
  if (typeof read !== 'object' || read === null) {
    assert.deepEqual(read, sent)
    return
  }
  for (const [name, value] of Object.entries(read)) within(value, (sent as Record<string, unknown>)[name])
}
