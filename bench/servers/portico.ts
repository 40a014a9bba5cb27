/** Portico on SQLite in a folder of its own, on the real listener, with limits off and log lines thrown away. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { sso, ssooidc } from 'ssooidc'
import { auditEvent } from '../../packages/portico/src/core/audit/audit.ts'
import { createAuditQueue } from '../../packages/portico/src/core/audit/audit-queue.ts'
import { authenticateClient } from '../../packages/portico/src/core/clients/client-authentication.ts'
import { randomId } from '../../packages/portico/src/core/keys/random.ts'
import { newSession } from '../../packages/portico/src/core/sessions/sessions.ts'
import { issueTokens } from '../../packages/portico/src/core/sessions/tokens.ts'
import { createApp } from '../../packages/portico/src/server/app.ts'
import { listen } from '../../packages/portico/src/server/node.ts'
import { openSqlite } from '../../packages/portico/src/storage/sqlite/sqlite.ts'
import { testInstance } from '../../test/support/instance.ts'
import { announce, DEVICES, postJson, ROUNDS, request, SESSIONS } from '../contender.ts'

const scopes = ['sso:account:access']
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const quarter = 90 * 86_400_000

const path = join(mkdtempSync(join(tmpdir(), 'portico-bench-')), 'portico.db')
const instance = await testInstance({ sessionDuration: quarter }, await openSqlite({ path }))
const { clock, storage } = instance
// Every poll is answered on its merits: what is measured is the answer, not the refusal to give one.
const pacing = { inTime: () => true }
const auditQueue = createAuditQueue(storage, { pause: setTimeout })
const deps = { ...instance.deps, pacing, auditQueue }
const silent = { info: () => undefined, error: console.error }
const app = createApp({ deps, logger: silent, clock: () => clock.now })
const { port } = await listen(app, { host: '127.0.0.1', port: 0 })
const endpoint = `http://127.0.0.1:${port}`
const oidc = ssooidc({ endpoint })

const registration = await oidc.registerClient({ clientName: 'bench', clientType: 'public', scopes })
const { clientId, clientSecret } = registration
const client = authenticateClient(deps, { clientId, clientSecret }, clock.now)
const waiting = await Promise.all(
  Array.from({ length: DEVICES }, () =>
    oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl: `${instance.origin}/start` }),
  ),
)
const alice = await storage.findUserByName({ userName: 'alice' })
if (alice === undefined) throw new Error('the organization has no alice')

// A person's approval, without the person: the same transitions, by their own door.
async function approvedSession(userId: string) {
  const now = clock.now
  const audit = auditEvent('Seed', { address: '127.0.0.1', userAgent: 'bench' }, userId, {}, now)
  const id = randomId(deps.random)
  const code = {
    id,
    clientHash: client.hash,
    clientName: client.name,
    scopes,
    redirectUri: 'http://127.0.0.1/oauth/callback',
    codeChallenge: id,
    userId,
    authenticatedAt: now,
    amr: ['password'] as const,
    createdAt: now,
    expiresAt: now + 60_000,
  }
  await storage.issueAuthorizationCode({ code, audit })
  const redemption = await storage.redeemAuthorizationCode({
    ...code,
    requestHash: id,
    session: newSession(deps, 'code', now, { address: '127.0.0.1', userAgent: 'bench' }, now),
    repeatWithin: 0,
    revokedUntil: now,
    now,
    audit,
  })
  if (redemption.outcome !== 'redeemed') throw new Error(`a code that just was issued is ${redemption.outcome}`)
  return redemption.session
}

const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => approvedSession(alice.id)))
const [first] = sessions
if (first === undefined) throw new Error('no session was made')
const { accessToken } = issueTokens(deps, client, first, clock.now)
// Each round presents the generation that the round before made, so that every refresh rotates.
const generations = Array.from({ length: ROUNDS }, (_, generation) =>
  sessions.map((session) => issueTokens(deps, client, { ...session, generation }, clock.now).refreshToken),
).flat()
await sso({ endpoint }).listAccounts({ accessToken })

const token = (fields: object) => postJson(port, '/token', { clientId, clientSecret, ...fields })
announce(
  {
    port,
    requests: {
      RegisterClient: [postJson(port, '/client/register', { clientName: 'bench', clientType: 'public', scopes })],
      'pending poll': waiting.map(({ deviceCode }) => token({ grantType: deviceGrant, deviceCode })),
      refresh: generations.map((refreshToken) => token({ grantType: 'refresh_token', refreshToken })),
      GetRoleCredentials: [
        request(port, 'GET', '/federation/credentials?role_name=ReadOnlyAccess&account_id=111111111111', {
          'x-amz-sso_bearer_token': accessToken,
        }),
      ],
    },
    expected: { RegisterClient: 200, 'pending poll': 400, refresh: 200, GetRoleCredentials: 200 },
  },
  // One jump past the coalescing window, so that each session rotates once more.
  () => {
    clock.now += 121_000
  },
)
