/** The OpenAPI document as its readers use it: everything that it refers to is there, and every operation with a path is in it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Operation, type Service, ssoOidc, ssoPortal } from 'ssooidc/protocol'
import document from '../docs/reference/openapi.json' with { type: 'json' }
import { oauth2 } from '../packages/portico/src/protocol/oauth2.ts'

type Json = Readonly<Record<string, unknown>>

const paths: Readonly<Record<string, Readonly<Record<string, Json>>>> = document.paths
const operations = [ssoOidc, ssoPortal, oauth2].flatMap((service: Service) =>
  Object.values<Operation>(service.operations).map((operation) => ({ service, operation })),
)

test('every operation that has a path of its own is in the document', () => {
  const missing = operations.filter(
    ({ operation: { path, method } }) => paths[path]?.[method.toLowerCase()] === undefined,
  )
  assert.deepEqual(
    missing.map(({ operation }) => operation.name),
    [],
  )
})

test('every reference in the document leads to something', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, target = '']) => target)
  assert.ok(references.length > 100)
  const broken = references.filter((target) => {
    let found: unknown = document
    for (const step of target.split('/')) found = (found as Json | undefined)?.[step]
    return found === undefined
  })
  assert.deepEqual(broken, [])
})

test('a form is a form, a JSON body is JSON, and a client proves itself by Basic or in the form', () => {
  const post = (path: string) => JSON.stringify(paths[path]?.post)
  assert.match(post('/oauth2/token'), /"requestBody":\{[^}]*"application\/x-www-form-urlencoded"/)
  assert.match(post('/oauth2/token'), /"security":\[\{"client":\[\]\},\{\}\]/)
  assert.match(post('/oauth2/register'), /"requestBody":\{[^}]*"application\/json"/)
  assert.match(post('/oauth2/register'), /"responses":\{"201"/)
  assert.match(post('/token'), /"requestBody":\{[^}]*"application\/json"/)
  assert.match(JSON.stringify(paths['/oauth2/userinfo']?.get), /"security":\[\{"accessToken":\[\]\}\]/)
})
