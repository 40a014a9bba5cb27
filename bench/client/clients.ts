/** CreateToken, as each client does it. A client is loaded only by the process that measures it. */

import { readFileSync } from 'node:fs'

/** Makes a client of the service at `url` and returns one call. */
export type MakeCall = (url: string) => Promise<() => Promise<unknown>>

// As published, and as Node.js finds it there: what a user installs is measured, not the sources.
const dist = new URL('../../packages/ssooidc/dist/', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('package.json', dist), 'utf8'))

/** The client's main module. */
export const load = (): Promise<typeof import('ssooidc')> => import(new URL(exports['.'].node, dist).href)

const redeem = {
  clientId: 'c'.repeat(40),
  clientSecret: 's'.repeat(400),
  grantType: 'refresh_token',
  refreshToken: 'r'.repeat(400),
}
const withIAM = {
  clientId: 'arn:aws:sso::111111111111:application/a',
  grantType: 'refresh_token',
  refreshToken: 'r'.repeat(400),
}
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' }
const region = 'us-east-1'

/** Unsigned calls. */
export const clients: Readonly<Record<string, MakeCall>> = {
  ssooidc: async (endpoint) => {
    const { ssooidc } = await load()
    const { createToken } = ssooidc({ endpoint })
    return () => createToken({ ...redeem, grantType: 'refresh_token' })
  },
  'AWS SDK v3': async (endpoint) => {
    const { SSOOIDCClient, CreateTokenCommand } = await import('@aws-sdk/client-sso-oidc')
    const client = new SSOOIDCClient({ region, endpoint })
    return () => client.send(new CreateTokenCommand(redeem))
  },
  oauth4webapi: async (url) => {
    const oauth = await import('oauth4webapi')
    const server = { issuer: url, token_endpoint: `${url}/token` }
    const client = { client_id: redeem.clientId }
    const authentication = oauth.ClientSecretPost(redeem.clientSecret)
    return async () => {
      const options = { [oauth.allowInsecureRequests]: true }
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        authentication,
        redeem.refreshToken,
        options,
      )
      return oauth.processRefreshTokenResponse(server, client, response)
    }
  },
  fetch: async (url) => {
    const headers = { 'content-type': 'application/json' }
    return async () => {
      const response = await fetch(`${url}/token`, { method: 'POST', headers, body: JSON.stringify(redeem) })
      return response.json()
    }
  },
  'node:http': async (url) => {
    const { Agent, request } = process.getBuiltinModule('node:http')
    const { hostname, port } = new URL(url)
    const options = {
      agent: new Agent({ keepAlive: true }),
      hostname,
      port,
      method: 'POST',
      path: '/token',
      headers: { 'content-type': 'application/json' },
    }
    return () =>
      new Promise((resolve, reject) => {
        const sent = request(options, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
          response.on('error', reject)
        })
        sent.on('error', reject)
        sent.end(JSON.stringify(redeem))
      })
  },
}

/** Signed calls. */
export const signedClients: Readonly<Record<string, MakeCall>> = {
  ssooidc: async (endpoint) => {
    const { ssooidc } = await load()
    const { createTokenWithIAM } = ssooidc({ endpoint, region, credentials })
    return () => createTokenWithIAM({ ...withIAM, grantType: 'refresh_token' })
  },
  'AWS SDK v3': async (endpoint) => {
    const { SSOOIDCClient, CreateTokenWithIAMCommand } = await import('@aws-sdk/client-sso-oidc')
    const client = new SSOOIDCClient({ region, endpoint, credentials })
    return () => client.send(new CreateTokenWithIAMCommand(withIAM))
  },
}
