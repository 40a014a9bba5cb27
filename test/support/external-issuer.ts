/** Another issuer of tokens, for real: oidc-provider on a socket of its own, whose tokens say who a person is. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error: oidc-provider brings no types, and what is used of it is written down below.
import { Provider } from 'oidc-provider'

/** An issuer that runs. `await using` ends it. */
export type ExternalIssuer = AsyncDisposable & {
  issuerUrl: string
  /** A signed token for an audience, about whoever has this email address; `verified` is what it says of that. */
  issue(audience: string, email: string, verified?: boolean | string): Promise<string>
}

type OidcProvider = { callback(): Parameters<typeof createServer>[1] }

/** Starts one on loopback. Its tokens live five minutes. */
export async function startExternalIssuer(): Promise<ExternalIssuer> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const issuerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { client_id: 'a-workload', client_secret: 'a secret of a test' }
  let said: { email: string; email_verified: boolean | string } = { email: '', email_verified: true }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const provider: OidcProvider = new Provider(issuerUrl, {
    clients: [
      {
        ...client,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'of-the-issuer', alg: 'ES256', use: 'sig' }] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: 'read',
          audience: resource.replace('urn:', ''),
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    extraTokenClaims: () => said,
  })
  const callback = provider.callback()
  if (callback !== undefined) server.on('request', callback)
  return {
    issuerUrl,
    async issue(audience, email, verified = true) {
      said = { email, email_verified: verified }
      const response = await fetch(`${issuerUrl}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client.client_id}:${encodeURIComponent(client.client_secret)}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: `urn:${audience}`, scope: 'read' }),
      })
      const answer: { access_token?: string } = JSON.parse(await response.text())
      if (answer.access_token === undefined) throw new Error(`the issuer gave nothing: ${JSON.stringify(answer)}`)
      return answer.access_token
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
