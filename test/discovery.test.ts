/**
 * The discovery document, rule by rule as the two specifications have them, and against what the server does.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { testInstance } from './support/instance.ts'
import { ask } from './support/programs.ts'

type Metadata = Readonly<Record<string, unknown>>

let metadata: Metadata
let instance: Awaited<ReturnType<typeof testInstance>>
before(async () => {
  instance = await testInstance()
  metadata = (await ask(instance, '/.well-known/openid-configuration')).body
})

const list = (name: string) => metadata[name] as string[]

suite('the metadata', () => {
  test('has every member that either specification requires', () => {
    for (const name of [
      ...['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'response_types_supported'],
      ...['subject_types_supported', 'id_token_signing_alg_values_supported'],
    ])
      assert.ok(metadata[name], name)
  })

  test('has members of the registered names only', () => {
    const registered = new Set([
      // IANA, OAuth Authorization Server Metadata.
      ...[
        'issuer',
        'authorization_endpoint',
        'token_endpoint',
        'jwks_uri',
        'registration_endpoint',
        'scopes_supported',
      ],
      ...['response_types_supported', 'response_modes_supported', 'grant_types_supported'],
      ...['token_endpoint_auth_methods_supported', 'revocation_endpoint', 'revocation_endpoint_auth_methods_supported'],
      ...[
        'introspection_endpoint',
        'introspection_endpoint_auth_methods_supported',
        'code_challenge_methods_supported',
      ],
      ...['device_authorization_endpoint', 'userinfo_endpoint', 'subject_types_supported', 'claims_supported'],
      ...['id_token_signing_alg_values_supported', 'claims_parameter_supported', 'request_parameter_supported'],
      ...['request_uri_parameter_supported', 'authorization_response_iss_parameter_supported', 'end_session_endpoint'],
      'prompt_values_supported',
    ])
    assert.deepEqual(
      Object.keys(metadata).filter((name) => !registered.has(name)),
      [],
    )
  })

  test('names the issuer exactly as it was asked for, without query or fragment', () => {
    assert.equal(metadata.issuer, instance.origin)
    assert.deepEqual([new URL(instance.origin).search, new URL(instance.origin).hash], ['', ''])
  })

  test('has addresses of this origin only', () => {
    for (const [name, value] of Object.entries(metadata))
      if (/_endpoint$|_uri$/.test(name)) assert.equal(new URL(String(value)).origin, instance.origin, name)
  })

  test('has no list that is empty, since such a member is left out', () => {
    for (const [name, value] of Object.entries(metadata)) if (Array.isArray(value)) assert.ok(value.length > 0, name)
  })

  test('offers what every provider must: RS256, the scope openid, and a code for the query', () => {
    assert.ok(list('id_token_signing_alg_values_supported').includes('RS256'))
    assert.ok(list('scopes_supported').includes('openid'))
    assert.deepEqual(list('response_types_supported'), ['code'])
    assert.deepEqual(list('response_modes_supported'), ['query'])
  })

  test('denies what its silence would grant', () => {
    assert.equal(metadata.request_uri_parameter_supported, false)
    // Without it, the implicit flow would be on offer.
    assert.equal(list('grant_types_supported').includes('implicit'), false)
  })

  test('names the algorithms of the published keys, and each key says what it is for', async () => {
    const { keys } = (await ask(instance, '/.well-known/jwks.json')).body as { keys: Record<string, string>[] }
    assert.deepEqual(
      [...new Set(keys.map(({ alg }) => alg))].sort(),
      list('id_token_signing_alg_values_supported').toSorted(),
    )
    for (const key of keys) {
      assert.equal(key.use, 'sig')
      assert.ok(key.kid)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(secret in key, false)
    }
  })

  test('is the same under OAuth’s name, which has nothing between the host and the well-known path', async () => {
    const answer = await ask(instance, '/.well-known/oauth-authorization-server')
    assert.deepEqual(answer.body, metadata)
    assert.equal(answer.headers.get('content-type'), 'application/json')
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  })

  test('names the methods by which clients may register, and no other is registered', async () => {
    for (const token_endpoint_auth_method of [...list('token_endpoint_auth_methods_supported'), 'private_key_jwt']) {
      const { status } = await ask(instance, '/oauth2/register', {
        headers: { 'content-type': 'application/json' },
        body: { redirect_uris: ['https://app.example/callback'], token_endpoint_auth_method },
      })
      assert.equal(status, token_endpoint_auth_method === 'private_key_jwt' ? 400 : 201, token_endpoint_auth_method)
    }
  })
})
