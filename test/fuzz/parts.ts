/** What several targets need: inputs of several parts, keys that are the same in every run, and refusals told from faults. */
import { createHash } from 'node:crypto'
import { type ErrorClass, ServiceException } from 'ssooidc/protocol'
import { generateKeys, openKeyring } from '../../packages/portico/src/core/keys/keyring.ts'
import type { Random } from '../../packages/portico/src/core/keys/random.ts'
import { createSealer, type Sealer } from '../../packages/portico/src/core/keys/sealing.ts'

/** The moment at which every check happens, epoch milliseconds. */
export const NOW = Date.UTC(2026, 10, 24, 12)

/** The input's first lines, and the rest as the last part. Parts that are not there are empty. */
export function partsOf(input: Buffer, count: number): readonly Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  while (parts.length < count - 1) {
    const end = input.indexOf(0x0a, from)
    const to = end < 0 ? input.length : end
    parts.push(input.subarray(from, to))
    from = Math.min(input.length, to + 1)
  }
  return [...parts, input.subarray(from)]
}

/** The same parts as text, one character a byte. */
export function textsOf(input: Buffer, count: number): readonly string[] {
  return partsOf(input, count).map((part) => part.toString('latin1'))
}

/** Bytes that look random and are the same in every run. */
export function fixedRandom(name: string): Random {
  let drawn = 0
  return {
    bytes(n) {
      drawn += 1
      return createHash('shake256', { outputLength: n }).update(`${name}/${drawn}`).digest()
    },
  }
}

/** A sealer whose keys, salts and nonces are the same in every run, and with another purpose too: a corpus has sealed texts. */
export function fixedSealer(): Sealer {
  const random = fixedRandom('sealer')
  const rootKey = random.bytes(32)
  return createSealer(openKeyring(rootKey, generateKeys(rootKey, random, NOW)), fixedRandom('seals'))
}

/** What `read` gives; undefined when it threw one of these errors, which is its right. Anything else goes on being thrown. */
export function unlessRefused<T>(errors: readonly ErrorClass[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isOneOf(errors, error)) return undefined
    throw error
  }
}

/** Whether a service's error is one of these. */
export function isOneOf(errors: readonly ErrorClass[], error: unknown): error is ServiceException {
  return error instanceof ServiceException && errors.some(({ spec }) => spec.name === error.spec.name)
}

/** Without the members that are undefined, at every depth: what JSON keeps of a value. */
export function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
