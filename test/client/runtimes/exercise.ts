/**
 * What the client must do wherever it runs, as a list of things that went wrong. Uses nothing but web APIs, and takes the
 * client as a parameter, so that it can be put into any runtime together with the published package or its bundle.
 */
import type * as Client from 'ssooidc'

/** Runs every case against the stub at `url`; resolves with a sentence for each that failed. */
export async function exercise({ ssooidc, sso, GRANT_TYPES }: typeof Client, url: string): Promise<string[]> {
  const client = { clientId: 'id', clientSecret: 'secret' }
  const redeem = { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc' }
  const at = (behaviour: string, options: Client.ClientOptions = {}) =>
    ssooidc({ endpoint: `${url}/${behaviour}`, timeoutMs: 300, ...options })

  const cases: Record<string, () => Promise<void>> = {
    'the three public operations': async () => {
      const { registerClient, startDeviceAuthorization, createToken } = ssooidc({ endpoint: url })
      const { clientId, clientSecret } = await registerClient({ clientName: 'exercise', clientType: 'public' })
      const startUrl = 'https://example.awsapps.com/start'
      const { userCode, deviceCode } = await startDeviceAuthorization({ clientId, clientSecret, startUrl })
      equal(userCode, 'ABCD-EFGH')
      const token = await createToken({ clientId, clientSecret, grantType: GRANT_TYPES.deviceCode, deviceCode })
      equal(token.accessToken, 'a'.repeat(400))
    },
    'a connection of its own for each call': async () => {
      await ssooidc({ endpoint: url, keepAlive: false }).createToken(redeem)
    },
    'an error by its header': () =>
      fails(at('slow-down').createToken(redeem), { name: 'SlowDownException', message: 'This is slow_down.' }),
    'an error by its OAuth code': () =>
      fails(at('pending-without-type').createToken(redeem), { name: 'AuthorizationPendingException', status: 400 }),
    'three attempts at what may be repeated': async () => {
      await at('recovering').registerClient({ clientName: 'exercise', clientType: 'public' })
    },
    'one attempt at what may not': () =>
      fails(at('failing').createToken(redeem), { name: 'InternalServerException', retrySafe: false }),
    'silence until the time is up': () => fails(at('silent').createToken(redeem), { name: 'TimeoutError' }),
    'a drip until the time is up': () => fails(at('drip').createToken(redeem), { name: 'TimeoutError' }),
    'a redirect': () => fails(at('temporary').createToken(redeem), { name: 'UnexpectedRedirectError' }),
    'an answer without end': () => fails(at('endless').createToken(redeem), { name: 'ResponseTooLargeError' }),
    'an answer that is cut': () => fails(at('truncated').createToken(redeem), { name: 'MalformedResponseError' }),
    'a page of HTML': () => fails(at('page').createToken(redeem), { name: 'MalformedResponseError', status: 500 }),
    'a connection that breaks': () => fails(at('reset').createToken(redeem), { name: 'ConnectionError' }),
    'nobody there': () =>
      fails(ssooidc({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 }).createToken(redeem), {
        name: 'ConnectionError',
      }),
    'an abort with its reason': async () => {
      const abort = new AbortController()
      const reason = new Error('enough')
      const asked = at('silent').createToken(redeem, { signal: abort.signal })
      abort.abort(reason)
      await fails(asked, { name: 'Error', message: 'enough' })
    },
    'a misspelt option': async () => {
      try {
        ssooidc({ endpoint: url, timout: 1 } as object)
      } catch (thrown) {
        return equal((thrown as Error).message, 'unknown option timout; did you mean timeoutMs?')
      }
      throw new Error('nothing was thrown')
    },
    'the portal': async () => {
      // The stub answers with a token, which is no list.
      await fails(sso({ endpoint: url }).listAccounts({ accessToken: 'at' }), { name: 'MalformedResponseError' })
    },
  }

  const failed: string[] = []
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run()
    } catch (thrown) {
      failed.push(`${name}: ${thrown}`)
    }
  }
  return failed
}

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`)
}

async function fails(promise: Promise<unknown>, expected: Readonly<Record<string, unknown>>): Promise<void> {
  const thrown = await promise.then(
    () => undefined,
    (reason) => reason as Record<string, unknown>,
  )
  if (thrown === undefined) throw new Error('did not fail')
  for (const [name, value] of Object.entries(expected))
    if (thrown[name] !== value)
      throw new Error(`${name} is ${JSON.stringify(thrown[name])} (${thrown.message}, ${thrown.cause})`)
}
