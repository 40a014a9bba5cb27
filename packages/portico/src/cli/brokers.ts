import type { Random } from '../core/keys/random.ts'
import type { Sealer } from '../core/keys/sealing.ts'
import { builtInBroker } from '../credentials/built-in.ts'
import type { Broker } from '../credentials/credentials.ts'

/** First part of the ARNs of this instance. */
export const PARTITION = 'aws'

/** The names of the sources of role credentials that this server has; the first is an account's when its file names none. */
export const brokerNames = ['built-in'] as const

/** Those sources. */
export function createBrokers(sealer: Sealer, random: Random): readonly Broker[] {
  return [builtInBroker({ sealer, random, partition: PARTITION })]
}
