/**
 * oidc-provider, the best-known OpenID provider for Node, with its in-memory adapter: the device grant and rotating refresh
 * tokens. It writes nothing to disk; Portico does.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error the package brings no types
import Provider from 'oidc-provider'
import { announce, DEVICES, postJson, ROUNDS, request, SESSIONS } from '../contender.ts'

const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo // it listens on TCP

// The default in-memory store keeps a thousand entries; this one keeps all, as a store must.
const stored = new Map<string, Record<string, unknown>>()
const byUserCode = new Map<string, string>()
const grants = new Map<string, Set<string>>()
const adapter = (model: string) => {
  const key = (id: string) => `${model}:${id}`
  return {
    async upsert(id: string, payload: Record<string, unknown>) {
      stored.set(key(id), payload)
      if (typeof payload.userCode === 'string') byUserCode.set(payload.userCode, id)
      if (typeof payload.grantId === 'string')
        grants.set(payload.grantId, (grants.get(payload.grantId) ?? new Set()).add(key(id)))
    },
    find: async (id: string) => stored.get(key(id)),
    findByUserCode: async (userCode: string) => stored.get(key(byUserCode.get(userCode) ?? '')),
    async consume(id: string) {
      const payload = stored.get(key(id))
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
    },
    destroy: async (id: string) => void stored.delete(key(id)),
    async revokeByGrantId(grantId: string) {
      for (const id of grants.get(grantId) ?? []) stored.delete(id)
    },
  }
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter,
  clients: [
    {
      client_id: 'bench',
      token_endpoint_auth_method: 'none',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      redirect_uris: [],
      response_types: [],
      application_type: 'native',
    },
  ],
  features: { deviceFlow: { enabled: true }, registration: { enabled: true }, devInteractions: { enabled: false } },
  findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  rotateRefreshToken: true,
  ttl: { RefreshToken: 86_400, AccessToken: 3_600, DeviceCode: 600, Grant: 86_400 },
})
server.on('request', provider.callback())

const client = await provider.Client.find('bench')
async function refreshToken(): Promise<string> {
  const grant = new provider.Grant({ accountId: 'alice', clientId: 'bench' })
  grant.addOIDCScope('offline_access')
  const grantId = await grant.save()
  const fields = { accountId: 'alice', client, grantId, gty: 'device_code', scope: 'offline_access' }
  return new provider.RefreshToken(fields).save()
}

const form = (target: string, fields: Record<string, string>) =>
  request(
    port,
    'POST',
    target,
    { 'content-type': 'application/x-www-form-urlencoded' },
    String(new URLSearchParams({ client_id: 'bench', ...fields })),
  )
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const waiting: string[] = []
for (let i = 0; i < DEVICES; i++)
  waiting.push(await new provider.DeviceCode({ client, userCode: `BCDFG${i}`, grantId: 'x', params: {} }).save())
// Each is good for one rotation, so every round gets tokens of its own.
const requests: Record<string, string[]> = {
  RegisterClient: [postJson(port, '/reg', { redirect_uris: ['https://example.com/callback'] })],
  'pending poll': waiting.map((code) => form('/token', { grant_type: deviceGrant, device_code: code })),
  refresh: [],
}
for (let i = 0; i < SESSIONS * ROUNDS; i++)
  requests.refresh?.push(form('/token', { grant_type: 'refresh_token', refresh_token: await refreshToken() }))
announce({ port, requests, expected: { RegisterClient: 201, 'pending poll': 400, refresh: 200 } })
