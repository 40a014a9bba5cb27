/** Browsers and workers: `fetch`, and nothing around the program that it could read. */
import { ConfigError } from '../errors.ts'
import { fetchTransport } from '../transport/fetch.ts'
import type { Platform } from './platform.ts'

export const monotonic: Platform['monotonic'] = () => performance.now()

// What fetch throws says no more than that it failed.
export const isUnsent: Platform['isUnsent'] = () => false

export const surroundings: Platform['surroundings'] = (env = {}) => ({ env, files: () => undefined })

export const settle: Platform['settle'] = () => ({})

export const transport: Platform['transport'] = fetchTransport

export const makeSigner: Platform['makeSigner'] = async (operation) => {
  throw new ConfigError(
    `${operation} is signed: here, give the option signer a SignatureV4 of @smithy/signature-v4 with service sso-oauth`,
  )
}
