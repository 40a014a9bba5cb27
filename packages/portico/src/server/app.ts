/**
 * The application: every surface on one origin, put together. A request gets an id and one reading of the clock, then goes to
 * the API by the contract's paths or to the pages. Our own listener asks the API first, and only pages go through Hono.
 *
 * Anything that speaks `Request` and `Response` can mount it. Not its job: sockets (`node.ts`), and deciding (`core`).
 */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { WireResponse } from 'ssooidc/protocol'
import { ssoOidc } from 'ssooidc/protocol/sso-oidc'
import { ssoPortal } from 'ssooidc/protocol/sso-portal'
import { getRoleCredentials, listAccountRoles, listAccounts, logout } from '../core/access/portal.ts'
import { getCallerIdentity } from '../core/access/sts.ts'
import { createTokenWithIAM } from '../core/applications/create-token-with-iam.ts'
import { registerClient } from '../core/clients/register-client.ts'
import { createToken } from '../core/grants/create-token.ts'
import { startDeviceAuthorization } from '../core/grants/device-grants.ts'
import { withoutTokens } from '../core/keys/opaque-token.ts'
import { authorizeDevice } from '../core/oauth2/device-authorization.ts'
import { describeServer, listPublicKeys } from '../core/oauth2/discovery.ts'
import { describePerson } from '../core/oauth2/identity.ts'
import { introspectToken } from '../core/oauth2/introspection.ts'
import { registerDynamically } from '../core/oauth2/register.ts'
import { revokeToken } from '../core/oauth2/revocation.ts'
import { exchangeToken } from '../core/oauth2/token.ts'
import { oauth2 } from '../protocol/oauth2.ts'
import type { RawRequest } from '../protocol/raw-request.ts'
import { sts } from '../protocol/sts.ts'
import { serveService, toResponse } from './api.ts'
import { type App, type Bindings, type Environment, type Exchange, pathOf, type ServerDeps } from './environment.ts'
import { serveIdentityStore } from './identity-store.ts'
import type { Application } from './node.ts'
import { pages } from './pages/routes/routes.ts'
import { createApi, type Serve } from './routing.ts'

/** Puts the application together. */
export function createApp(server: ServerDeps): Application {
  const { deps } = server
  const app: App = new Hono<Environment>({ strict: true })
  const oidc = serveService(server, ssoOidc, {
    registerClient: ({ input, call, now }) => registerClient(deps, input, call, now),
    startDeviceAuthorization: ({ input, call, now }) => startDeviceAuthorization(deps, input, call, now),
    createToken: ({ input, call, now }) => createToken(deps, input, call, now),
    createTokenWithIAM: ({ input, caller, call, now }) => createTokenWithIAM(deps, input, caller, call, now),
  })
  const portal = serveService(server, ssoPortal, {
    getRoleCredentials: ({ input, caller, call, now }) => getRoleCredentials(deps, input, caller, call, now),
    listAccounts: ({ input, caller }) => listAccounts(deps, input, caller),
    listAccountRoles: ({ input, caller }) => listAccountRoles(deps, input, caller),
    logout: ({ input, caller, call, now }) => logout(deps, input, caller, call, now),
  })
  const standard = serveService(server, oauth2, {
    deviceAuthorization: ({ input, call, now }) => authorizeDevice(deps, input, call, now),
    token: ({ input, call, now }) => exchangeToken(deps, input, call, now),
    revoke: ({ input, call, now }) => revokeToken(deps, input, call, now),
    introspect: ({ input, call, now }) => introspectToken(deps, input, call, now),
    register: ({ input, call, now }) => registerDynamically(deps, input, call, now),
    userInfo: ({ caller }) => describePerson(caller),
    userInfoByPost: ({ caller }) => describePerson(caller),
    openidConfiguration: () => describeServer(deps),
    authorizationServerMetadata: () => describeServer(deps),
    jwks: ({ now }) => listPublicKeys(deps, now),
  })
  const callerIdentity = serveService(server, sts, {
    getCallerIdentity: ({ caller }) => getCallerIdentity(deps, caller),
  })

  const api = createApi({ rest: [oidc, portal, standard], query: callerIdentity, target: serveIdentityStore(server) })

  app.use(async (context, next) => {
    const started = performance.now()
    const raw = context.env?.raw ?? (await rawOf(context.req.raw))
    const exchange = begin(server, raw)
    for (const name of ['raw', 'requestId', 'now', 'log'] as const) context.set(name, exchange[name])
    const serve = api.find(raw, context.env?.fault)
    if (serve === undefined) await next()
    else context.res = toResponse(await serve(exchange))
    logRequest(server, exchange, context.res.status, started)
  })
  pages(app, server, api)
  app.onError((error, context) => toResponse(oidc.refuse(error, context.var)))
  return {
    fetch: (request: Request, bindings?: Bindings) => app.fetch(request, bindings ?? {}),
    answer(raw, fault) {
      const serve = api.find(raw, fault)
      return serve && answer(server, serve, raw)
    },
  }
}

async function answer(server: ServerDeps, serve: Serve, raw: RawRequest): Promise<WireResponse> {
  const started = performance.now()
  const exchange = begin(server, raw)
  const answered = await serve(exchange)
  logRequest(server, exchange, answered.status, started)
  return answered
}

function begin(server: ServerDeps, raw: RawRequest): Exchange {
  return { raw, requestId: randomUUID(), now: server.clock(), log: {} }
}

function logRequest({ logger }: ServerDeps, { requestId, raw, log }: Exchange, status: number, started: number): void {
  logger.info(
    {
      requestId,
      method: raw.method,
      // Never the query: codes and tokens travel there.
      path: withoutTokens(pathOf(raw)),
      status,
      ms: Math.round((performance.now() - started) * 10) / 10,
      peer: raw.peerAddress,
      ...log,
    },
    'request',
  )
}

// For whoever mounts the application without our listener. What a Request does not tell any more cannot be checked.
async function rawOf(request: Request): Promise<RawRequest> {
  const url = new URL(request.url)
  const headers: [string, string][] = [...request.headers]
  if (!request.headers.has('host')) headers.push(['host', url.host])
  return {
    method: request.method,
    target: url.pathname + url.search,
    headers,
    body: new Uint8Array(await request.arrayBuffer()),
    peerAddress: '127.0.0.1',
  }
}
