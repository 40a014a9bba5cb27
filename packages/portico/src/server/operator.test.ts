import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'
import { createOperator } from './operator.ts'

const silent = { info() {}, error() {} }

function operatorOf(reason?: string) {
  const metrics = createMetrics()
  const app = createOperator({ notReady: async () => reason, metrics: metrics.read })
  const ask = async (path: string) => {
    const response = await app.fetch(new Request(`http://127.0.0.1${path}`))
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  return { ask, logger: metrics.observing(silent) }
}

test('a server that cannot serve is still alive, and says why it is not ready', async () => {
  const { ask } = operatorOf('the database does not answer')
  const [health, readiness] = [await ask('/healthz'), await ask('/readyz')]
  assert.deepEqual([health.status, health.text], [200, 'alive\n'])
  assert.deepEqual([readiness.status, readiness.text], [503, 'the database does not answer\n'])
  assert.equal((await operatorOf().ask('/readyz')).status, 200)
})

test('requests are counted by operation, status and error, pages as pages', async () => {
  const { ask, logger } = operatorOf()
  logger.info({ operation: 'sso-oidc:CreateToken', status: 400, ms: 3, error: 'SlowDownException' }, 'request')
  logger.info({ status: 200, ms: 12 }, 'request')
  logger.info({ status: 200, ms: 12 }, 'something else')
  logger.error({}, 'a request failed')
  const { text, headers } = await ask('/metrics')
  assert.match(headers.get('content-type') ?? '', /^text\/plain; version=/)
  for (const line of [
    'portico_requests_total{operation="sso-oidc:CreateToken",status="400",error="SlowDownException"} 1',
    'portico_requests_total{operation="page",status="200",error=""} 1',
    'portico_request_seconds_bucket{le="0.005",operation="sso-oidc:CreateToken"} 1',
    'portico_failures_total 1',
  ]) {
    assert.ok(text.split('\n').includes(line), line)
  }
})

test('there is nothing else to be found there', async () => {
  const { status, text } = await operatorOf().ask('/start')
  assert.deepEqual([status, text], [404, 'There is only /healthz, /readyz, /metrics here.\n'])
})
