/**
 * The second listener's application: health, readiness and metrics, for supervisors and collectors on the same machine or
 * network. It shows nothing about people and has no sign-in, so it listens on loopback unless configured.
 *
 * Not its job: deciding what makes the server ready. Whoever composes it says so.
 */
import { operator } from '../protocol/operator.ts'
import type { Application } from './node.ts'

/** What the operator's pages ask. */
export type OperatorDeps = {
  /** Undefined when requests may come, else why not. Called for each question; must not wait long. */
  notReady(): Promise<string | undefined>
  /** The metrics, as Prometheus text, and its content type. */
  metrics(): Promise<{ text: string; contentType: string }>
}

/** Puts the operator's application together. */
export function createOperator(deps: OperatorDeps): Application {
  return {
    async fetch(request) {
      switch (new URL(request.url).pathname) {
        case operator.health.path:
          return answer(operator.status.fine, 'alive')
        case operator.readiness.path: {
          const reason = await deps.notReady()
          return reason === undefined ? answer(operator.status.fine, 'ready') : answer(operator.status.notReady, reason)
        }
        case operator.metrics.path: {
          const { text, contentType } = await deps.metrics()
          return answer(operator.status.fine, text, contentType)
        }
        default: {
          const paths = [operator.health, operator.readiness, operator.metrics].map(({ path }) => path)
          return answer(operator.status.unknownPath, `There is only ${paths.join(', ')} here.`)
        }
      }
    },
  }
}

function answer(status: number, text: string, contentType = 'text/plain; charset=utf-8'): Response {
  const body = text.endsWith('\n') ? text : `${text}\n`
  return new Response(body, { status, headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' } })
}
