/**
 * From a request to the service and operation that it is for, by the contract's paths. Paths are exact: no case folding, no
 * trailing slash, no other spelling. Whatever matches no operation is refused in the form of the service that is nearest.
 */
import type { Operation, WireResponse } from 'ssooidc/protocol'
import { operationOf, TARGET_HEADER } from '../protocol/aws-json.ts'
import type { RawRequest } from '../protocol/raw-request.ts'
import { type Served, toResponse } from './api.ts'
import { type Exchange, pathOf, queryOf, type RequestContext, type RequestFault, rawHeader } from './environment.ts'

/** The services by how their requests are recognised. */
export type Services = {
  /** By method and path. */
  readonly rest: readonly Served[]
  /** By the form body of `POST /`. */
  readonly query: Served
  /** By the header of `POST /` that names the operation. */
  readonly target: Served
}

/** What answers a request, once it is known whose it is. */
export type Serve = (exchange: Exchange) => WireResponse | Promise<WireResponse>

/** The API, as one question. */
export type Api = {
  /** What answers this request; undefined when it is none of the API's. */
  find(raw: RawRequest, fault?: RequestFault): Serve | undefined
  /** The service in whose form to refuse what is nobody's. */
  nearest(raw: RawRequest): Served
}

/** The operations of one path, those that ask most of the query first. */
type Route = { served: Served; operation: Operation; fixed: readonly [string, string][] }

/** Puts the services behind their paths. */
export function createApi(services: Services): Api {
  const routes = new Map<string, Route[]>()
  for (const served of services.rest)
    for (const operation of Object.values(served.service.operations)) {
      const route = { served, operation, fixed: Object.entries(operation.fixedQuery ?? {}) }
      const others = routes.get(operation.path) ?? []
      routes.set(
        operation.path,
        [...others, route].sort((a, b) => b.fixed.length - a.fixed.length),
      )
    }
  return {
    find(raw, fault) {
      const path = pathOf(raw)
      if (fault !== undefined) return refusal(nearest(raw, path, routes, services), fault)
      const candidates = routes.get(path)
      if (candidates !== undefined) return dispatch(raw, candidates)
      if (path !== '/') return undefined
      if (raw.method === 'OPTIONS') return () => preflight(raw, 'POST')
      if (raw.method !== 'POST') return undefined
      return targetOf(raw) === undefined ? serveQuery(raw, services.query) : serveTarget(raw, services.target)
    },
    nearest: (raw) => nearest(raw, pathOf(raw), routes, services),
  }
}

/** Answers what matched nothing, for a program. */
export function refuseUnknown(api: Api, context: RequestContext): Response {
  const served = api.nearest(context.var.raw)
  const { unknownOperation } = served.service.edge
  return toResponse(served.refuse(new unknownOperation('There is nothing at this path.'), context.var))
}

function refusal(served: Served, { kind, description }: RequestFault): Serve {
  const { edge } = served.service
  const Refusal = kind === 'tooLarge' ? edge.tooLarge : edge.malformed
  return (exchange) => served.refuse(new Refusal(description), exchange)
}

function dispatch(raw: RawRequest, candidates: readonly Route[]): Serve {
  const found = candidates.find(
    ({ operation, fixed }) => operation.method === raw.method && (fixed.length === 0 || hasAll(raw, fixed)),
  )
  if (found !== undefined) return (exchange) => found.served.serve(found.operation, exchange)
  const methods = [...new Set(candidates.map(({ operation }) => operation.method))].join(', ')
  if (raw.method === 'OPTIONS') return () => preflight(raw, methods)
  const served = candidates[0]?.served
  if (served === undefined) throw new Error('a path without an operation')
  return (exchange) => {
    const answer = served.refuse(new served.service.edge.methodNotAllowed(`Use ${methods}.`), exchange)
    return { ...answer, headers: { ...answer.headers, Allow: methods } }
  }
}

function hasAll(raw: RawRequest, fixed: Route['fixed']): boolean {
  const text = queryOf(raw)
  if (text === '') return false
  const query = new URLSearchParams(text)
  return fixed.every(([name, value]) => query.get(name) === value)
}

function serveQuery({ body }: RawRequest, served: Served): Serve {
  const action = new URLSearchParams(new TextDecoder().decode(body)).getAll('Action')
  const operation = Object.values(served.service.operations).find(
    ({ name }) => action.length === 1 && action[0] === name,
  )
  if (operation !== undefined) return (exchange) => served.serve(operation, exchange)
  const { unknownOperation } = served.service.edge
  return (exchange) =>
    served.refuse(new unknownOperation('Action must name an operation of this service, once.'), exchange)
}

function targetOf(raw: RawRequest): string | undefined {
  return rawHeader(raw, TARGET_HEADER)
}

function serveTarget(raw: RawRequest, served: Served): Serve {
  const operation = operationOf(served.service, targetOf(raw) ?? '')
  if (operation !== undefined) return (exchange) => served.serve(operation, exchange)
  const { unknownOperation } = served.service.edge
  return (exchange) =>
    served.refuse(new unknownOperation(`${TARGET_HEADER} must name an operation of a service that is here.`), exchange)
}

// Anybody may call the API from a page: it takes no cookies.
function preflight(raw: RawRequest, methods: string): WireResponse {
  const asked = rawHeader(raw, 'access-control-request-headers')
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': asked ?? '*',
      'Access-Control-Max-Age': '86400',
    },
    body: '',
  }
}

function nearest(
  raw: RawRequest,
  path: string,
  routes: ReadonlyMap<string, readonly Route[]>,
  services: Services,
): Served {
  const exact = routes.get(path)?.[0]?.served
  if (exact !== undefined) return exact
  if (path === '/' && raw.method === 'POST') return targetOf(raw) === undefined ? services.query : services.target
  const root = `/${path.split('/')[1] ?? ''}`
  const kin = [...routes].find(([each]) => each === root || each.startsWith(`${root}/`))?.[1][0]
  const fallback = services.rest[0]
  if (fallback === undefined) throw new Error('no service is served')
  return kin?.served ?? fallback
}
