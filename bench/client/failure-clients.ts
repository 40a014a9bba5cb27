/** Other clients where the service fails. A file of its own, since whoever measures memory must not load it. */
import { failureInputs } from '../../test/client/failure-rows.ts'

/** The two operations that the failures are tried with; a client that has only one of them has only one. */
export type Asking = { createToken(): Promise<unknown>; registerClient?(): Promise<unknown> }

/** Other clients that meet failures, each with its own defaults. */
export const failureClients: Readonly<Record<string, (url: string) => Promise<Asking>>> = {
  'AWS SDK v3': async (endpoint) => {
    const { SSOOIDCClient, CreateTokenCommand, RegisterClientCommand } = await import('@aws-sdk/client-sso-oidc')
    const client = new SSOOIDCClient({ region: 'us-east-1', endpoint })
    return {
      createToken: () => client.send(new CreateTokenCommand(failureInputs.createToken)),
      registerClient: () => client.send(new RegisterClientCommand(failureInputs.registerClient)),
    }
  },
  oauth4webapi: async (url) => {
    const oauth = await import('oauth4webapi')
    const server = { issuer: url, token_endpoint: `${url}/token` }
    const client = { client_id: 'id' }
    const options = { [oauth.allowInsecureRequests]: true }
    return {
      createToken: async () => {
        const authentication = oauth.ClientSecretPost('secret')
        const response = await oauth.deviceCodeGrantRequest(server, client, authentication, 'dc', options)
        return oauth.processDeviceCodeResponse(server, client, response)
      },
    }
  },
}
