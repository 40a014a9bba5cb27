/**
 * The operator's listener: where a supervisor asks whether the process lives and whether it can serve, and where a collector
 * reads numbers. No client of the service speaks it.
 */
export const operator = {
  /** Whether the process answers at all. If not, restart it. */
  health: { path: '/healthz' },
  /** Whether requests may be sent here now. If not, send them elsewhere and wait. */
  readiness: { path: '/readyz' },
  /** Prometheus text. */
  metrics: { path: '/metrics' },
  status: { fine: 200, unknownPath: 404, notReady: 503 },
} as const
