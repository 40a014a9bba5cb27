/** Mistakes in options, environment or shared files. Nothing was sent. Their names are data, so that they survive a minifier. */
import { NamedError } from '../protocol/error.ts'

/** An option or a setting is unknown, contradictory or missing. */
export class ConfigError extends NamedError {
  constructor(message: string, details?: { readonly cause?: unknown }) {
    super('ConfigError', message, details)
  }
}

/** A profile was asked for by name, and neither shared file has it. */
export class ProfileNotFoundError extends ConfigError {
  declare readonly profile: string
  /** The profiles that there are. */
  declare readonly known: readonly string[]
  constructor(profile: string, origin: string, known: readonly string[], paths: readonly string[]) {
    const have = known.length === 0 ? 'no profile' : `only ${known.join(', ')}`
    super(`there is no profile ${profile} (asked for by ${origin}); ${paths.join(' and ')} have ${have}`)
    Object.assign(this, { name: 'ProfileNotFoundError', profile, known })
  }
}
