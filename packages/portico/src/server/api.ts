/**
 * The API: routes derived from the contract. Each call is authenticated, decoded and validated; the use case decides; its
 * output or error is written in the service's dialect. What a use case throws undeclared becomes the service's internal error,
 * and its detail stays in the log.
 *
 * What comes in is raw and what goes out is status, headers and text: these answers are too many for a `Request` and a
 * `Response` each. `toResponse` makes one where something wants it.
 */
import {
  errorsOf,
  type Input,
  type Operation,
  type Operations,
  type Output,
  redact,
  type Service,
  type ServiceException,
  type WireResponse,
} from 'ssooidc/protocol'
import type { Call } from '../core/deps.ts'
import { withoutTokens } from '../core/keys/opaque-token.ts'
import { sha256 } from '../core/keys/random.ts'
import type { RawRequest } from '../protocol/raw-request.ts'
import { authenticate, type Caller } from './authentication.ts'
import { codecOf } from './codecs.ts'
import { type Exchange, originOf, queryOf, rawHeader, type ServerDeps } from './environment.ts'

/** What serves an operation: a use case, given who calls. */
export type Handler<O extends Operation> = (asked: {
  input: Input<O>
  caller: Caller[O['authentication']]
  call: Call
  now: number
}) => Promise<Output<O>>

/** A handler for every operation of a service; leaving one out does not compile. */
export type Handlers<Ops extends Operations> = { readonly [Name in keyof Ops]: Handler<Ops[Name]> }

/** A service with its handlers, ready to be routed to. */
export type Served = {
  readonly service: Service
  readonly serve: (operation: Operation, exchange: Exchange) => Promise<WireResponse>
  /** Writes an error in the service's form. */
  readonly refuse: (error: unknown, exchange: Exchange) => WireResponse
}

/** Joins a service of the contract with the use cases behind it. */
export function serveService<Ops extends Operations>(
  server: ServerDeps,
  service: Service<Ops>,
  handlers: Handlers<Ops>,
): Served {
  const codec = codecOf(service)
  const byName = new Map<string, Handler<Operation>>()
  // The handlers' type ties each one to the operation of its key.
  for (const [key, operation] of Object.entries<Operation>(service.operations))
    byName.set(operation.name, handlers[key as keyof Ops] as unknown as Handler<Operation>)
  const edge = Object.values(service.edge)
  const declaredBy = new Map(
    Object.values<Operation>(service.operations).map((operation) => [operation, errorsOf(service, operation)]),
  )

  const refuse = (error: unknown, exchange: Exchange, operation?: Operation, input?: object): WireResponse => {
    const declared = (operation && declaredBy.get(operation)) ?? edge
    const exception = declared.some((each) => error instanceof each)
      ? (error as ServiceException) // every declared class makes one
      : internal(server, service, error, exchange, operation && input && redact(operation.input, { ...input }))
    exchange.log.error = exception.name
    return respond(codec.encodeError(service, exception, exchange.requestId), exchange)
  }
  return {
    service,
    refuse,
    async serve(operation, exchange) {
      const { raw, now, log, requestId } = exchange
      log.operation = `${service.name}:${operation.name}`
      let input: Input<Operation> | undefined
      try {
        const handler = byName.get(operation.name)
        if (handler === undefined) throw new Error(`${operation.name} has no handler`)
        // Never a 401 on doubt, since clients throw their tokens away on that; and never a yes.
        if (!(await server.deps.revocations.isCurrent(now)))
          throw new service.edge.unavailable('Which sessions were ended cannot be read at the moment. Try again.', {
            retryAfter: 1,
          })
        const caller = await authenticate(server.deps, service, operation, raw, now)
        input = codec.decodeRequest(service, operation, wireRequest(raw))
        const output = await handler({ input, caller, call: callOf(raw), now })
        return respond(codec.encodeOutput(service, operation, output, requestId), exchange)
      } catch (error) {
        return refuse(error, exchange, operation, input)
      }
    },
  }
}

// What must not happen is logged with what was asked, without its secrets.
function internal(
  server: ServerDeps,
  service: Service,
  error: unknown,
  { requestId }: Exchange,
  input: object | undefined,
): ServiceException {
  const asked = input === undefined ? {} : { input: printable(input) }
  server.logger.error({ requestId, ...asked, err: error }, 'a request failed')
  return new service.edge.internal('Something went wrong here. Try again; the server log has the details.')
}

function respond({ status, headers, body }: WireResponse, { requestId }: Exchange): WireResponse {
  return {
    status,
    headers: {
      'Cache-Control': 'no-store',
      ...headers,
      'x-amzn-RequestId': requestId,
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'x-amzn-RequestId, x-amzn-ErrorType, Retry-After, Date',
    },
    body,
  }
}

/** An answer as a `Response`, for whoever mounts the application without our listener. */
export function toResponse({ status, headers, body }: WireResponse): Response {
  return new Response(body === '' ? null : body, { status, headers })
}

// Secrets turn up in the wrong members, too.
function printable(value: unknown): unknown {
  if (typeof value === 'string') return withoutTokens(value)
  if (Array.isArray(value)) return value.map(printable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, printable(each)]))
}

function wireRequest(raw: RawRequest) {
  return { method: raw.method, query: queryOf(raw), header: (name: string) => rawHeader(raw, name), body: raw.body }
}

function callOf(raw: RawRequest): Call {
  const { address, userAgent } = originOf(raw)
  return {
    address,
    userAgent,
    invocationId: rawHeader(raw, 'amz-sdk-invocation-id'),
    // Only the authorization code's grant asks for it.
    get bodyHash() {
      return sha256(raw.body)
    },
  }
}
