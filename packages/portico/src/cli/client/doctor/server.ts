/** A server, as clients meet it. */
import { isServiceException, ssooidc } from 'ssooidc'
import { Failure } from '../../failure.ts'
import { discover } from '../configure/discover.ts'
import { type Head, headOf } from '../head.ts'
import { wholeStartUrl } from '../start-url.ts'
import { duration } from '../terminal.ts'
import { type Finding, problem } from './doctor.ts'

const PATIENCE = 10_000
/** Signatures are good for five minutes. */
const SKEW = 60_000

/** Looks at what it answers, at its clock, and at what the AWS tools insist on. */
export async function lookAtServer(server: string): Promise<Finding[]> {
  if (!URL.canParse(server))
    throw new Failure('usage', `--server is an address such as https://sso.example.com, not ${server}.`)
  const startUrl = wholeStartUrl(server)
  const origin = new URL(startUrl).origin
  try {
    const findings = [lookAtAddress(new URL(startUrl)), lookAtClock(await headOf(startUrl))]
    const { acceptedEverywhere, startUrl: alias } = await discover(startUrl)
    findings.push(
      acceptedEverywhere
        ? { check: 'start URL', result: 'ok', detail: `stands for ${alias}` }
        : {
            check: 'start URL',
            result: 'problem',
            detail: `HEAD ${startUrl} is not redirected to a name that AWS CLI 2.35.13 and later accept; is a proxy in between?`,
          },
    )
    findings.push(await lookAtRegistration(origin))
    return findings
  } catch (thrown) {
    return [problem('connection', thrown)]
  }
}

function lookAtAddress({ protocol, hostname, origin }: URL): Finding {
  const check = 'address'
  if (protocol === 'https:') return { check, result: 'ok', detail: origin }
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  return local
    ? { check, result: 'ok', detail: `${origin}, on this machine` }
    : { check, result: 'problem', detail: `${origin} carries secrets in the clear: put TLS in front` }
}

/** Whether the clocks of an answer's server and of this machine agree. */
export function lookAtClock({ headers }: Head): Finding {
  const check = 'clock'
  const theirs = Date.parse(headers.date ?? '')
  if (Number.isNaN(theirs)) return { check, result: 'warning', detail: 'the server does not say what time it is' }
  const skew = theirs - Date.now()
  if (Math.abs(skew) < SKEW) return { check, result: 'ok', detail: 'the server and this machine agree' }
  const direction = skew > 0 ? 'behind' : 'ahead of'
  return {
    check,
    result: 'problem',
    detail: `this machine is ${duration(Math.abs(skew))} ${direction} the server: set the clocks`,
  }
}

async function lookAtRegistration(endpoint: string): Promise<Finding> {
  const check = 'registration'
  try {
    await using oidc = ssooidc({ endpoint, timeoutMs: PATIENCE, maxAttempts: 1 })
    await oidc.registerClient({ clientName: 'portico doctor', clientType: 'public' })
    return { check, result: 'ok', detail: 'programs can register' }
  } catch (thrown) {
    if (isServiceException(thrown)) return { check, result: 'problem', detail: `${thrown.name}: ${thrown.message}` }
    return problem(check, thrown)
  }
}
