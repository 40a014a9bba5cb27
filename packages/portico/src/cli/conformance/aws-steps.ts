/** What the checks of the AWS wire have in common: its calls, and how an error of it looks. */
import type { ErrorClass, Operation } from 'ssooidc/protocol'
import { createToken, GRANT_TYPES, registerClient, startDeviceAuthorization } from 'ssooidc/protocol/sso-oidc'
import { demand } from './check.ts'
import type { Answer, Target } from './target.ts'

/** A client that registered itself. */
export type AwsClient = { clientId: string; clientSecret: string }

/** The scope that AWS's own tools ask for. */
export const ACCOUNT_ACCESS = 'sso:account:access'

/** What the AWS CLI says when it registers itself for the device flow. */
export const registration = { clientName: 'conformance', clientType: 'public', scopes: [ACCOUNT_ACCESS] }

/** Calls an unsigned operation whose input is the body. */
export const call = (target: Target, operation: Operation, input: object): Promise<Answer> =>
  target.send(operation.path, { method: operation.method, json: input })

/** A client, registered once for all checks that need none of their own. */
export const client = (target: Target): Promise<AwsClient> => target.once('aws client', () => newClient(target))

/** A client of the check's own. */
export async function newClient(target: Target, members: object = {}): Promise<AwsClient> {
  const { status, json } = await call(target, registerClient, { ...registration, ...members })
  demand(status === 200, `RegisterClient answered ${status} to what the AWS CLI sends`)
  const { clientId, clientSecret } = json
  demand(typeof clientId === 'string' && typeof clientSecret === 'string', 'RegisterClient gave no id and secret')
  return { clientId, clientSecret }
}

/** A device that waits, and how it asks. */
export async function startDevice(target: Target) {
  const registered = await client(target)
  const { status, json } = await call(target, startDeviceAuthorization, { ...registered, startUrl: target.startUrl })
  demand(status === 200, `StartDeviceAuthorization answered ${status}: ${String(json.error_description ?? '')}`)
  const { deviceCode, verificationUriComplete } = json
  demand(typeof deviceCode === 'string', 'StartDeviceAuthorization gave no deviceCode')
  demand(typeof verificationUriComplete === 'string', 'StartDeviceAuthorization gave no verificationUriComplete')
  const poll = (as: AwsClient = registered) =>
    call(target, createToken, { ...as, grantType: GRANT_TYPES.deviceCode, deviceCode })
  return { json, verificationUriComplete, poll }
}

/** @throws Unmet unless the answer is this error, in the form in which every AWS client recognises it */
export function demandError(answer: Answer, ...expected: ErrorClass[]): void {
  const { status, headers, json, text } = answer
  const names = expected.map(({ spec }) => spec.name).join(' or ')
  const type = headers.get('x-amzn-errortype') ?? ''
  demand(type !== '', `no x-amzn-ErrorType: older CLIs then say “${status}” instead of ${names}`)
  demand(!type.includes('#'), `x-amzn-ErrorType is “${type}”: the SDK for Java keeps what is before the #`)
  const found = expected.find(({ spec }) => spec.name === type.split(':', 1)[0])
  demand(found, `x-amzn-ErrorType is “${type}”, and not ${names}`)
  demand(status === found.spec.status, `${found.spec.name} came with status ${status}, and not ${found.spec.status}`)
  demand(Object.keys(json).length > 0, `the body is no JSON object: ${text.slice(0, 80)}`)
  demand(!Object.hasOwn(json, 'code'), 'the body has a member “code”, which SDKs take for the type of the error')
  if (found.spec.error !== undefined)
    demand(json.error === found.spec.error, `the body’s error is “${String(json.error)}”, and not ${found.spec.error}`)
  demand(headers.has('x-amzn-requestid'), 'no x-amzn-RequestId, which SDKs print with the error')
}
