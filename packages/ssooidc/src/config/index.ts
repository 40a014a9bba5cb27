/**
 * Where a client's settings come from: its options, the environment, and the shared files of the AWS tools, each value with
 * its origin.
 *
 * It reads, and never writes. Not its job: asking a service (`client`), and the token cache (`sign-in`). Only
 * `shared-files.ts` touches a disk, and nothing that runs in a browser imports it.
 */
export { DEFAULTS, type Settings } from './defaults.ts'
export { ConfigError, ProfileNotFoundError } from './errors.ts'
export {
  listProfiles,
  listSsoSessions,
  type Profile,
  resolveProfile,
  resolveSsoSession,
  type SsoSession,
  ssoSessionOf,
} from './profile.ts'
export { type ResolvedConfig, resolveSettings } from './settings.ts'
export { awsFolder, readSharedFiles, type SharedFiles } from './shared-files.ts'
export type { Environment, Setting, Surroundings } from './surroundings.ts'
