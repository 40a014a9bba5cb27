/**
 * Signing a person in, and keeping them signed in: by device code or through a browser, with a token that every AWS tool of
 * the machine shares.
 *
 * Its job is what lies between the calls of `client`: waiting, listening, choosing, remembering. Not its job: what goes over
 * the wire (`protocol`), the calls themselves, and how it looks on a terminal. Files whose names begin with `node` need
 * Node.js, Bun or Deno; `device.ts` runs anywhere and is an entry of its own.
 */

export type { OnUnkept } from './cache/keeping.ts'
export { memoryStore } from './cache/memory-store.ts'
export { type FileStoreOptions, fileStore, readTokenFile, tokenPath } from './cache/node-file-store.ts'
export { isAbandoned } from './cache/node-lock.ts'
export type { Reading, Room, TokenStore } from './cache/store.ts'
export { type CachedToken, canRefresh, formatToken, parseToken, stateOf, type TokenState } from './cache/token.ts'
export { type Clock, systemClock } from './clock.ts'
export { type DeviceSignIn, type PollOptions, type PollReport, pollForToken, type TokenIssuer } from './device.ts'
export { isSignInError, SignInError, type SignInReason } from './errors.ts'
export { type Choice, chooseMethod, type Place, type SignInMethod } from './method.ts'
export { openBrowser } from './node-browser.ts'
export { type Callback, type Loopback, listenForCallback } from './node-loopback.ts'
export type { SignInEvent, SignInOptions } from './options.ts'
export {
  type AwsCredentialIdentity,
  credentialProvider,
  type RoleChoice,
  type SignedInAs,
  type TokenIdentity,
  tokenProvider,
} from './providers.ts'
export { type RefreshOptions, refresh } from './refresh.ts'
export { keyOf, type Session } from './session.ts'
export { signIn } from './sign-in.ts'
export { type SignedOut, signOut } from './sign-out.ts'
