/**
 * What the client must do wherever it runs, as a list of things that went wrong. Uses nothing but web APIs, and takes the
 * client as a parameter, so that it can be put into any runtime together with the published package or its bundle.
 */
import type * as Client from 'ssooidc'
import { failureInputs, failureRows } from '../failure-rows.ts'

/** Runs every case against the stub at `url`; resolves with a sentence for each that failed. */
export async function exercise({ ssooidc, sso, GRANT_TYPES }: typeof Client, url: string): Promise<string[]> {
  const redeem = failureInputs.createToken
  const registration = failureInputs.registerClient
  const at = (behaviour: string, options: Client.ClientOptions = {}) =>
    ssooidc({ endpoint: `${url}/${behaviour}`, timeoutMs: 300, ...options })

  const cases: Record<string, () => Promise<unknown>> = {
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

  for (const { item, behaviour, operation, requests, error } of failureRows)
    cases[`${item} (${operation})`] = async () => {
      let attempts = 0
      const onAttempt = () => void attempts++
      const endpoint = behaviour === 'nobody' ? 'http://127.0.0.1:1' : `${url}/${behaviour}/${newName()}`
      const client = ssooidc({ endpoint, timeoutMs: 500, onAttempt })
      const asked = operation === 'createToken' ? client.createToken(redeem) : client.registerClient(registration)
      const thrown = await (error === undefined ? asked : fails(asked, error))
      // Not every `fetch` tells that nothing was sent; without that, a code is not sent twice.
      if (behaviour !== 'nobody' || (thrown as { code?: string }).code !== undefined) equal(attempts, requests)
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

/** The endpoint of a call that nobody called before. */
function newName(): string {
  return Math.random().toString(36).slice(2)
}

async function fails(promise: Promise<unknown>, expected: Readonly<Record<string, unknown>>): Promise<object> {
  const thrown = await promise.then(
    () => undefined,
    (reason) => reason as Record<string, unknown>,
  )
  if (thrown === undefined) throw new Error('did not fail')
  for (const [name, value] of Object.entries(expected))
    if (thrown[name] !== value)
      throw new Error(`${name} is ${JSON.stringify(thrown[name])} (${thrown.message}, ${thrown.cause})`)
  return thrown
}
