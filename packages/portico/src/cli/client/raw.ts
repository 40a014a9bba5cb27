/** The operations of the service as they are, one command each, their flags derived from the contract. */
import { text } from 'node:stream/consumers'
import { GRANT_TYPES, ssooidc } from 'ssooidc'
import { readSharedFiles, resolveSettings } from 'ssooidc/config'
import type { ssoOidc } from 'ssooidc/protocol/sso-oidc'
import { pollForToken } from 'ssooidc/sign-in'
import { Failure } from '../failure.ts'
import { interruptible } from './interruption.ts'
import { printJson, say } from './terminal.ts'
import { flagOf } from './values.ts'

/** The name of an operation's function. */
export type OperationName = keyof typeof ssoOidc.operations

/** Where the service is, and an input as JSON. */
export type RawFlags = {
  readonly endpoint?: string
  readonly region?: string
  readonly profile?: string
  readonly inputJson?: string
} & Readonly<Record<string, unknown>>

/** Calls it with what the flags say, and prints what comes back. */
export async function callOperation(name: OperationName, members: readonly string[], flags: RawFlags): Promise<void> {
  const input = await inputOf(members, flags)
  await using oidc = ssooidc(optionsOf(flags, name))
  // The contract looks at the input before it is sent, whatever the compiler was told.
  const call = oidc[name] as unknown as (input: object) => Promise<object>
  printJson(await call(input).catch(refusalOf(members)))
}

/** Waits for the approval of a device that `device start` began. */
export async function pollDevice(flags: RawFlags): Promise<void> {
  const members = ['clientId', 'clientSecret', 'deviceCode', 'expiresIn', 'interval']
  const { clientId, clientSecret, deviceCode, expiresIn = 600, interval } = await inputOf(members, flags)
  const device = {
    clientId: String(clientId ?? ''),
    clientSecret: String(clientSecret ?? ''),
    deviceCode: String(deviceCode ?? ''),
    expiresIn: seconds('--expires-in', expiresIn),
    interval: interval === undefined ? undefined : seconds('--interval', interval),
  }
  await using oidc = ssooidc(optionsOf(flags))
  const onPoll = ({ error }: { error: unknown }) => error instanceof Error && say(error.message)
  printJson(
    await interruptible((signal) => pollForToken(oidc, device, { signal, immediate: true, onPoll })).catch(
      refusalOf(members),
    ),
  )
}

function seconds(flag: string, given: unknown): number {
  const number = Number(given)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new Failure('usage', `${flag} is a number of seconds, not ${given}.`)
}

function optionsOf({ endpoint, region, profile }: RawFlags, name?: OperationName) {
  const given = { endpoint, region, profile }
  const found = resolveSettings('SSO OIDC', given, { env: process.env, files: () => readSharedFiles() })
  if (found.endpoint === undefined && found.region === undefined)
    throw new Failure('configuration', 'Say where the service is: give --endpoint, or for AWS itself --region.')
  if (name === 'createTokenWithIAM' && found.region === undefined)
    throw new Failure('configuration', 'CreateTokenWithIAM is signed, and a signature needs a Region: give --region.')
  return given
}

/** Flags win over the JSON. */
async function inputOf(members: readonly string[], flags: RawFlags): Promise<Record<string, unknown>> {
  const given = Object.fromEntries(members.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])))
  if (flags.inputJson === undefined) return given
  const json = flags.inputJson === '-' ? await text(process.stdin) : flags.inputJson
  try {
    const parsed: unknown = JSON.parse(json)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new TypeError('it is no object')
    const { schemaVersion: _, ...members } = parsed as Record<string, unknown> // as was just seen
    return { ...members, ...given }
  } catch (thrown) {
    throw new Failure('usage', '--input-json is no JSON object.', { cause: thrown })
  }
}

/** The contract's own words about an input, with the flags in place of the members and a value in place of its constant. */
function refusalOf(members: readonly string[]): (thrown: unknown) => never {
  const words = new Map(members.map((member) => [member, flagOf(member)]))
  words.set('GRANT_TYPES.deviceCode', GRANT_TYPES.deviceCode)
  return (thrown) => {
    if (!(thrown instanceof TypeError)) throw thrown
    const [, problem = ''] = /^(?:\w+: )?(.*)$/s.exec(thrown.message) ?? []
    const told = problem.replace(/[\w.-]*\w/g, (word) => words.get(word) ?? word)
    throw new Failure('usage', `${told}.`, { cause: thrown })
  }
}
