/** Browsers and workers: `fetch`, and nothing around the program that it could read. */
import { ConfigError } from '../errors.ts'
import { fetchTransport } from '../transport/fetch.ts'
import type { Platform } from './platform.ts'

/** This runtime. */
export const platform: Platform = {
  surroundings: (env = {}) => ({ env, files: () => undefined }),
  settle: () => ({}),
  transport: fetchTransport,
  signer: async (operation) => {
    throw new ConfigError(
      `${operation} is signed: here, give the option signer a SignatureV4 of @smithy/signature-v4 with service sso-oauth`,
    )
  },
  findCredentials: async (operation) => {
    throw new ConfigError(
      `${operation} is signed: here, give the option signer, or credentials where a signer is found`,
    )
  },
}
