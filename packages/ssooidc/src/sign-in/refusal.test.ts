import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refusalOf } from './refusal.ts'

describe('a browser that came back without a code', () => {
  const table: [error: string, description: string | undefined, reason: string, message: string][] = [
    ['access_denied', undefined, 'denied', 'The sign-in was denied in the browser.'],
    ['access_denied', 'Not on this machine.', 'denied', 'The sign-in was denied in the browser: Not on this machine.'],
    [
      'server_error',
      'The database is away.',
      'failed',
      'The service could not sign you in: The database is away (server_error). Try again in a moment.',
    ],
    [
      'temporarily_unavailable',
      undefined,
      'failed',
      'The service could not sign you in: temporarily_unavailable. Try again in a moment.',
    ],
    [
      'invalid_scope',
      'There is no scope s3:all.',
      'refused',
      'The service refused the sign-in: There is no scope s3:all (invalid_scope).',
    ],
    ['invalid_request', '', 'refused', 'The service refused the sign-in: invalid_request.'],
    ['unauthorized_client', undefined, 'refused', 'The service refused the sign-in: unauthorized_client.'],
    ['something_new', 'What?', 'refused', 'The service refused the sign-in: What? (something_new).'],
  ]
  for (const [error, description, reason, message] of table)
    test(`with ${error}${description ? ` and “${description}”` : ''} is ${reason}`, () => {
      const refusal = refusalOf(error, description)
      assert.deepEqual([refusal.reason, refusal.message], [reason, message])
    })

  test('is told without anything that steers a terminal, and in a length that somebody reads', () => {
    const { message } = refusalOf('invalid_scope', `\u001b[2Jgone\r\n\u202etxet ${'x'.repeat(1_000)}`)
    assert.match(message, /: \[2Jgone txet x{200,300} \(invalid_scope\)\.$/)
  })
})
