/** What a program finds around it: its environment and the person's shared files. */
import type { SharedFiles } from './shared-files.ts'

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where settings come from when a program does not give them. */
export type Surroundings = {
  readonly env: Environment
  /** Asked at most once by each reader; a runtime without files has none. */
  files(): SharedFiles | undefined
}

/** A value, and where it was found, for the person who wonders. */
export type Setting<T> = {
  readonly value: T
  /** `option`, `environment AWS_REGION`, `profile dev in /home/me/.aws/config`, `default`. */
  readonly origin: string
}
