/** What is counted: requests and how long they took, by operation and outcome, beside what Node says about the process. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Logger } from './environment.ts'

/** Counters of one server. */
export type Metrics = {
  /** A logger that also counts what it is told: the request's line holds everything that is worth counting. */
  observing(logger: Logger): Logger
  read(): Promise<{ text: string; contentType: string }>
}

/** The members of a request's log line that are counted. */
type RequestLine = { operation?: string; status?: number; ms?: number; error?: string }

/** Makes the counters of one server. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'portico_requests_total',
    help: 'Requests answered. Pages have the operation "page"; error is the service\'s name for what went wrong.',
    labelNames: ['operation', 'status', 'error'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'portico_request_seconds',
    help: 'Time from the request to its answer.',
    labelNames: ['operation'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  const failures = new Counter({
    name: 'portico_failures_total',
    help: 'Requests that failed for a reason of our own. The log has the details.',
    registers: [registry],
  })
  return {
    observing: (logger) => ({
      info(fields, message) {
        logger.info(fields, message)
        if (message !== 'request') return
        // Operations and errors come from the contract, so that nobody can invent labels.
        const { operation = 'page', status = 0, ms = 0, error = '' } = fields as RequestLine
        requests.inc({ operation, status, error })
        seconds.observe({ operation }, ms / 1000)
      },
      error(fields, message) {
        logger.error(fields, message)
        failures.inc()
      },
    }),
    read: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  }
}
