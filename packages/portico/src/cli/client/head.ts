/**
 * One look at an address, by the way that the client's own requests take: through the proxy that is set, and trusting the
 * certificates that are set. `fetch` would know of neither.
 */
import { readFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { type AgentOptions, Agent as SecureAgent, request as secureRequest } from 'node:https'
import { ConfigError, readSharedFiles, resolveSettings } from 'ssooidc/config'
import { Failure } from '../failure.ts'
import { adviceFor } from './network-advice.ts'

const PATIENCE = 10_000

/** What an address answers HEAD with. */
export type Head = { readonly status: number; readonly headers: IncomingHttpHeaders }

/**
 * Asks for it. A redirect is not followed.
 *
 * @throws Failure when nobody answers, saying what to do about it
 * @throws ConfigError when the file of certificates cannot be read
 */
export async function headOf(address: string): Promise<Head> {
  const url = new URL(address)
  const agent = url.protocol === 'https:' ? secureAgent() : undefined
  const options = { method: 'HEAD', signal: AbortSignal.timeout(PATIENCE), agent: agent ?? false }
  const answer = new Promise<Head>((resolve, reject) => {
    const asked = agent === undefined ? plainRequest(url, options) : secureRequest(url, options)
    asked.on('error', reject)
    asked.on('response', (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
    })
    asked.end()
  })
  try {
    return await answer
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException // a request fails with nothing else
    const late = code === 'ABORT_ERR' ? `no answer within ${PATIENCE / 1_000} s` : undefined
    const why = late ?? adviceFor(code, url.host) ?? message
    throw new Failure('network', `Nobody answers at ${address}: ${why}`, { cause: thrown })
  } finally {
    agent?.destroy()
  }
}

/** Plain http needs none: the client speaks it to this machine only, and then to no proxy. */
function secureAgent(): SecureAgent {
  const around = { env: process.env, files: () => readSharedFiles() }
  const { caBundle, httpsProxy, noProxy } = resolveSettings('SSO OIDC', {}, around)
  const options: AgentOptions = {}
  if (caBundle !== undefined) options.ca = readBundle(caBundle.value)
  if (httpsProxy !== undefined) {
    const { value } = httpsProxy
    options.proxyEnv = { HTTPS_PROXY: value.includes('://') ? value : `http://${value}`, NO_PROXY: noProxy?.value }
  }
  return new SecureAgent(options)
}

function readBundle(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (thrown) {
    throw new ConfigError(`caBundle cannot be read: ${(thrown as NodeJS.ErrnoException).code} ${path}`)
  }
}
