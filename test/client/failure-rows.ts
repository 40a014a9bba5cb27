/**
 * What a caller meets when the service, or something before it, fails, row by row: as many requests as stated, and an answer
 * or an error that says what happened. Data only, for whoever runs them: `failures.test.ts`, every other runtime
 * (`runtimes/exercise.ts`), and the measurement of other clients, with which `docs/reference/failures.md` shows them.
 */

/** One way to fail. */
export type FailureRow = {
  readonly item: string
  /** The stub's, by the first segment of its path; `nobody` is a port where nobody listens. */
  readonly behaviour: string
  /** CreateToken, which no one may repeat unasked, or RegisterClient, which may be repeated. */
  readonly operation: 'createToken' | 'registerClient'
  /** Requests that are sent, attempts where there is nobody. */
  readonly requests: number
  /** What the error says of itself on every runtime; undefined when there is an answer in the end. */
  readonly error: Readonly<Record<string, unknown>> | undefined
  /** What it says in Node.js besides. */
  readonly inNode?: Readonly<Record<string, unknown>>
  /** What paws.common 0.7.5 did, measured with R 4.2. */
  readonly paws: string
}

const redeem = { operation: 'createToken', requests: 1 } as const
const repeat = { operation: 'registerClient', requests: 3 } as const
const malformed = { name: 'MalformedResponseError', status: 200, retrySafe: false }

export const failureRows: readonly FailureRow[] = [
  {
    item: 'refused connection',
    behaviour: 'nobody',
    ...redeem,
    requests: 3,
    error: { name: 'ConnectionError', host: '127.0.0.1:1' },
    inNode: { code: 'ECONNREFUSED', retrySafe: true },
    paws: '1, curl’s text',
  },
  {
    item: 'no answer',
    behaviour: 'silent',
    ...redeem,
    error: { name: 'TimeoutError', retrySafe: false },
    paws: 'waits',
  },
  {
    item: 'a body that drips',
    behaviour: 'drip',
    ...redeem,
    error: { name: 'TimeoutError', retrySafe: false },
    paws: '',
  },
  {
    item: '500',
    behaviour: 'failing',
    ...redeem,
    error: { name: 'InternalServerException', message: 'This is server_error.', status: 500, retrySafe: false },
    paws: '1, no text',
  },
  {
    item: '500, where the operation may be repeated',
    behaviour: 'failing',
    ...repeat,
    error: { name: 'InternalServerException', retrySafe: true },
    paws: '1, no text',
  },
  {
    item: '500, and a good answer behind it',
    behaviour: 'recovering',
    ...redeem,
    error: { name: 'InternalServerException', retrySafe: false },
    paws: '1, error',
  },
  {
    item: '500, 500, 200, where the operation may be repeated',
    behaviour: 'recovering',
    ...repeat,
    error: undefined,
    paws: '1, error',
  },
  {
    item: '500 as an HTML page',
    behaviour: 'page',
    ...redeem,
    error: {
      name: 'MalformedResponseError',
      status: 500,
      message: 'CreateToken: HTTP 500 without an error type; the answer is an HTML page titled "Gateway trouble"',
    },
    paws: 'parser error',
  },
  { item: '503 with Retry-After: 2', behaviour: 'busy', ...redeem, requests: 2, error: undefined, paws: '' },
  {
    item: '429',
    behaviour: 'throttling',
    ...redeem,
    requests: 3,
    error: { name: 'TooManyRequestsException', status: 429, retrySafe: true },
    paws: '1, error',
  },
  {
    item: 'authorization pending',
    behaviour: 'pending',
    ...redeem,
    error: { name: 'AuthorizationPendingException', error: 'authorization_pending', status: 400 },
    paws: 'class, no text',
  },
  {
    item: 'slow down',
    behaviour: 'slow-down',
    ...redeem,
    error: { name: 'SlowDownException', message: 'This is slow_down.', error: 'slow_down' },
    paws: 'class, no text',
  },
  {
    item: 'pending without a type',
    behaviour: 'pending-without-type',
    ...redeem,
    error: { name: 'AuthorizationPendingException', message: 'This is authorization_pending.' },
    paws: 'no class',
  },
  {
    item: 'slow down without a type',
    behaviour: 'slow-down-without-type',
    ...redeem,
    error: { name: 'SlowDownException', status: 400 },
    paws: 'no class',
  },
  { item: 'truncated JSON', behaviour: 'truncated', ...redeem, error: malformed, paws: 'parser error' },
  { item: 'an empty answer', behaviour: 'empty', ...redeem, error: malformed, paws: 'empty fields' },
  {
    item: 'wrong types',
    behaviour: 'wrong-types',
    ...redeem,
    error: {
      ...malformed,
      message: 'CreateToken: the answer is wrong: accessToken must be a string; expiresIn must be a whole number',
    },
    paws: 'made to fit',
  },
  {
    item: '302',
    behaviour: 'found',
    ...redeem,
    error: { name: 'UnexpectedRedirectError' },
    inNode: { location: 'https://elsewhere.example/token' },
    paws: 'hangs',
  },
  {
    item: '307',
    behaviour: 'temporary',
    ...redeem,
    error: { name: 'UnexpectedRedirectError' },
    inNode: { location: 'https://elsewhere.example/token' },
    paws: 'followed with secrets',
  },
  {
    item: 'a reset connection',
    behaviour: 'reset',
    ...redeem,
    error: { name: 'ConnectionError', retrySafe: false },
    inNode: { code: 'ECONNRESET' },
    paws: '1',
  },
  {
    item: 'a reset connection, where the operation may be repeated',
    behaviour: 'reset',
    ...repeat,
    error: { name: 'ConnectionError', retrySafe: true },
    paws: '1',
  },
  {
    item: 'an answer of 200 MiB',
    behaviour: 'huge',
    ...redeem,
    error: { name: 'ResponseTooLargeError', maxResponseBytes: 2 ** 20 },
    paws: '',
  },
  { item: 'an endless answer', behaviour: 'endless', ...redeem, error: { name: 'ResponseTooLargeError' }, paws: '' },
]

/** The inputs. */
export const failureInputs = {
  createToken: {
    clientId: 'id',
    clientSecret: 'secret',
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    deviceCode: 'dc',
  },
  registerClient: { clientName: 'test', clientType: 'public' },
} as const

/** What a row promises, in words. */
export function promiseOf({ requests, error }: FailureRow): string {
  return `${requests} ${requests === 1 ? 'request' : 'requests'}, ${error === undefined ? 'an answer' : error.name}`
}
