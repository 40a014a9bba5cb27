/**
 * Node.js, Bun and Deno: an environment, shared files, and packages that can be loaded when needed. Only the transport differs:
 * in Node.js `fetch` costs four times what `node:http` does, in the others it is the other way round.
 */

import type { Settings } from '../../config/defaults.ts'
import { resolveSettings } from '../../config/settings.ts'
import { readSharedFiles } from '../../config/shared-files.ts'
import { type CredentialsProvider, rememberCredentials, type Signer } from '../credentials.ts'
import { ConfigError } from '../errors.ts'
import { fetchTransport } from '../transport/fetch.ts'
import { nodeTransport } from '../transport/node.ts'
import type { Platform } from './platform.ts'

// To ask `performance` costs a program that starts another megabyte.
export const monotonic: Platform['monotonic'] = () => Number(process.hrtime.bigint()) / 1e6

export const isUnsent: Platform['isUnsent'] = ({ code = '', syscall }) =>
  syscall === 'connect' ||
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused)$/.test(code)

export const surroundings: Platform['surroundings'] = (env = process.env) => ({
  env,
  files: () => readSharedFiles(env),
})

export const settle: Platform['settle'] = (service, { token, ...given }) => {
  const settings = resolveSettings(service.serviceId, given, surroundings(given.env), service.signingName)
  const found = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting?.value]))
  return token === undefined ? found : { ...found, token }
}

const fetchIsCheap = process.versions.bun !== undefined || 'deno' in process.versions

// A file of certificates goes through node:http everywhere, since each fetch has another way to be told of it.
export const transport: Platform['transport'] = (setup, fetch) =>
  fetch || (fetchIsCheap && setup.caBundle === undefined) ? fetchTransport(setup, fetch) : nodeTransport(setup)

const signers = new WeakMap<object, Promise<Signer>>()

export const makeSigner: Platform['makeSigner'] = (operation, options, ...scope) => {
  const known = signers.get(options)
  if (known !== undefined) return known
  const made = loadSigner(operation, options, ...scope)
  signers.set(options, made)
  made.catch(() => signers.delete(options))
  return made
}

async function loadSigner(
  ...[operation, options, region, service]: Parameters<Platform['makeSigner']>
): Promise<Signer> {
  const { credentials } = options
  const found = rememberCredentials(credentials ?? (await findCredentials(operation, options)))
  const { SignatureV4 } = await loading(operation, '@smithy/signature-v4', () => import('@smithy/signature-v4'))
  // Its own types ask for the provider's credentials to be mutable; it does not write to them.
  const setup = { region, service, credentials: found, sha256: Sha256, applyChecksum: true }
  return new SignatureV4(setup as unknown as ConstructorParameters<typeof SignatureV4>[0]) as unknown as Signer
}

/** AWS's own credential chain. */
async function findCredentials(operation: string, settings: Omit<Settings, 'token'>): Promise<CredentialsProvider> {
  const { profile, region, stsRegionalEndpoints } = settings
  const { fromNodeProviderChain } = await loading(
    operation,
    '@aws-sdk/credential-providers',
    () => import('@aws-sdk/credential-providers'),
  )
  const sts = stsRegionalEndpoints === 'legacy' ? { useGlobalEndpoint: true } : {}
  const clientConfig = { ...(region === undefined ? {} : { region }), ...sts }
  return fromNodeProviderChain({ clientConfig, ...(profile === undefined ? {} : { profile }) })
}

async function loading<T>(operation: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw thrown
    throw new ConfigError(`${operation} is signed, which needs ${name}; install it: npm install ${name}`)
  }
}

/** SHA-256 and its keyed form, as AWS's signer asks for them: made with `new`, fed, and digested. */
function Sha256(key?: string | Uint8Array) {
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto')
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key)
  return {
    update: (data: string | Uint8Array) => void hash.update(data),
    digest: async () => new Uint8Array(hash.digest()),
  }
}
