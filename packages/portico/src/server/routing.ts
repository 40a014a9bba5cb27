/**
 * From a request to the service and operation that it is for, by the contract's paths. Paths are exact: no case folding, no
 * trailing slash. Whatever matches no operation is refused in the form of the service that is nearest.
 */
import type { Operation } from 'ssooidc/protocol'
import { operationOf, TARGET_HEADER } from '../protocol/aws-json.ts'
import type { Served } from './api.ts'
import { type App, pathOf, queryOf, type RequestContext, rawHeader } from './environment.ts'

/** The services by how their requests are recognised. */
export type Services = {
  /** By method and path. */
  readonly rest: readonly Served[]
  /** By the form body of `POST /`. */
  readonly query: Served
  /** By the header of `POST /` that names the operation. */
  readonly target: Served
}

type Route = { served: Served; operation: Operation }

/** Adds the API to the application. */
export function routeApi(app: App, services: Services): void {
  const routes = new Map<string, Route[]>()
  for (const served of services.rest)
    for (const operation of Object.values(served.service.operations))
      routes.set(operation.path, [...(routes.get(operation.path) ?? []), { served, operation }])

  app.use(async (context, next) => {
    const fault = context.env?.fault
    if (fault === undefined) return next()
    const served = nearest(context, routes, services)
    const { edge } = served.service
    const Refusal = fault.kind === 'tooLarge' ? edge.tooLarge : edge.malformed
    return served.refuse(new Refusal(fault.description), context)
  })
  for (const [path, candidates] of routes) app.all(path, (context) => dispatch(context, candidates))
  app.post('/', (context) =>
    targetOf(context) === undefined ? serveQuery(context, services.query) : serveTarget(context, services.target),
  )
  app.options('/', (context) => preflight(context, 'POST'))
}

/** Answers what matched nothing, for a program. */
export function refuseUnknown(served: Served, context: RequestContext): Response {
  return served.refuse(new served.service.edge.unknownOperation('There is nothing at this path.'), context)
}

function dispatch(context: RequestContext, candidates: readonly Route[]): Response | Promise<Response> {
  const { raw } = context.var
  const query = new URLSearchParams(queryOf(raw))
  const found = candidates
    .filter(({ operation }) => operation.method === raw.method)
    .sort((a, b) => fixedMembers(b.operation).length - fixedMembers(a.operation).length)
    .find(({ operation }) => fixedMembers(operation).every(([name, value]) => query.get(name) === value))
  if (found !== undefined) return found.served.serve(found.operation, context)
  const methods = [...new Set(candidates.map(({ operation }) => operation.method))].join(', ')
  if (raw.method === 'OPTIONS') return preflight(context, methods)
  const served = candidates[0]?.served
  if (served === undefined) throw new Error('a path without an operation')
  const response = served.refuse(new served.service.edge.methodNotAllowed(`Use ${methods}.`), context)
  response.headers.set('Allow', methods)
  return response
}

function fixedMembers(operation: Operation): [string, string][] {
  return Object.entries(operation.fixedQuery ?? {})
}

function serveQuery(context: RequestContext, served: Served): Response | Promise<Response> {
  const { raw } = context.var
  const action = new URLSearchParams(new TextDecoder().decode(raw.body)).getAll('Action')
  const operation = Object.values(served.service.operations).find(
    ({ name }) => action.length === 1 && action[0] === name,
  )
  if (operation === undefined)
    return served.refuse(
      new served.service.edge.unknownOperation('Action must name an operation of this service, once.'),
      context,
    )
  return served.serve(operation, context)
}

function targetOf(context: RequestContext): string | undefined {
  return rawHeader(context.var.raw, TARGET_HEADER)
}

function serveTarget(context: RequestContext, served: Served): Response | Promise<Response> {
  const operation = operationOf(served.service, targetOf(context) ?? '')
  if (operation !== undefined) return served.serve(operation, context)
  const { unknownOperation } = served.service.edge
  return served.refuse(
    new unknownOperation(`${TARGET_HEADER} must name an operation of a service that is here.`),
    context,
  )
}

// Anybody may call the API from a page: it takes no cookies.
function preflight(context: RequestContext, methods: string): Response {
  const asked = rawHeader(context.var.raw, 'access-control-request-headers')
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': asked ?? '*',
      'Access-Control-Max-Age': '86400',
    },
  })
}

function nearest(context: RequestContext, routes: ReadonlyMap<string, Route[]>, services: Services): Served {
  const path = pathOf(context.var.raw)
  const exact = routes.get(path)?.[0]?.served
  if (exact !== undefined) return exact
  if (path === '/' && context.var.raw.method === 'POST')
    return targetOf(context) === undefined ? services.query : services.target
  const root = `/${path.split('/')[1] ?? ''}`
  const kin = [...routes].find(([each]) => each === root || each.startsWith(`${root}/`))?.[1][0]
  const fallback = services.rest[0]
  if (fallback === undefined) throw new Error('no service is served')
  return kin?.served ?? fallback
}
