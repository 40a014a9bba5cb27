/** `portico login`: signs a person in, unless they are. */
import { hostname } from 'node:os'
import { isServiceException, portalErrors, sso } from 'ssooidc'
import {
  type CachedToken,
  isSignInError,
  openBrowser,
  refresh,
  type SignInError,
  type SignInEvent,
  signIn,
} from 'ssooidc/sign-in'
import { forgetRoleCredentials } from 'ssooidc/sign-in/role-credentials'
import { Failure } from '../failure.ts'
import { interruptible } from './interruption.ts'
import { type ProgressFlags, showProgress } from './progress.ts'
import { isAws } from './start-url.ts'
import { resolveTarget, type Target, type TargetFlags } from './target.ts'
import { canAsk, moment, printJson, say } from './terminal.ts'
import { milliseconds } from './values.ts'

/** What `login` may be told. */
export type LoginFlags = TargetFlags &
  ProgressFlags & {
    readonly method?: string
    /** A command, or false for none. */
    readonly browser?: string | boolean
    readonly port?: string
    readonly timeout?: string
    readonly minTtl?: string
    readonly force?: boolean
    readonly json?: boolean
    readonly input?: boolean
    readonly scope?: readonly string[]
  }

/** Signs in. `named` is a session, a profile's start URL, or nothing. */
export async function login(named: string | undefined, flags: LoginFlags): Promise<void> {
  const target = targetOf(named, flags)
  const { token, fresh, unkept } = await interruptible((signal) => signInIfNeeded(target, flags, signal))
  if (unkept !== undefined) {
    await endUnkept(target, token)
    throw unkept
  }
  const until = moment(token.expiresAt, Date.now())
  if (flags.json) printJson({ ...describe(target, token), signedIn: fresh ? 'now' : 'already' })
  else say(`${fresh ? 'Signed in' : 'Already signed in'} to ${nameOf(target)}, until ${until}${renewal(token)}.`)
}

/** A token for the target, for which a person is asked only when that is needed or wished. `unkept`: why only we have it. */
export async function signInIfNeeded(
  target: Target,
  flags: LoginFlags,
  signal: AbortSignal,
): Promise<{ token: CachedToken; fresh: boolean; unkept?: SignInError | undefined }> {
  if (!flags.force) {
    const token = await usableToken(target, flags, signal)
    if (token !== undefined) return { token, fresh: false }
  }
  const progress = showProgress(flags)
  const pasting = pasteFrom(flags)
  const { browser } = flags
  let unkept: SignInError | undefined
  let wasReplaced = false
  try {
    const token = await signIn(
      { ...target.session, ...(flags.scope === undefined ? {} : { registrationScopes: flags.scope }) },
      {
        client: target.client,
        method: methodOf(flags),
        numberMatch: true,
        clientName: `portico on ${hostname()}`.slice(0, 64),
        openBrowser:
          browser === false ? false : typeof browser === 'string' ? (url) => openBrowser(url, { browser }) : undefined,
        port: flags.port === undefined ? undefined : portOf(flags.port),
        timeoutMs: flags.timeout === undefined ? undefined : patienceOf(flags.timeout),
        signal,
        endPrevious: !isAws(target.session.startUrl),
        onUnkept(problem) {
          unkept = problem
        },
        onEvent(event) {
          if (event.type === 'previous') wasReplaced = true
          progress.onEvent(event)
          pasting.onEvent(event)
        },
      },
    )
    // Credentials of the session before ended with it.
    if (wasReplaced) await forgetRoleCredentials()
    return { token, fresh: true, unkept }
  } finally {
    progress.end()
    pasting.end()
  }
}

/** What only this program has ends with it. Not at AWS, whose Logout might end what other programs have. */
async function endUnkept({ session, client }: Target, { accessToken }: CachedToken): Promise<void> {
  if (isAws(session.startUrl)) return
  await using portal = sso({ ...client, region: session.region, timeoutMs: 5_000, maxAttempts: 1 })
  await portal.logout({ accessToken }).catch(() => {}) // it ends by itself, later; what counts is said already
}

/** What is kept, when the service still takes it. */
async function usableToken(
  { session, client }: Target,
  { minTtl }: LoginFlags,
  signal: AbortSignal,
): Promise<CachedToken | undefined> {
  const minTtlMs = minTtl === undefined ? undefined : milliseconds('--min-ttl', minTtl)
  try {
    const token = await refresh(session, { client, minTtlMs, signal })
    if (minTtlMs !== undefined && token.expiresAt - Date.now() < minTtlMs) return undefined
    await using portal = sso({ ...client, region: session.region })
    await portal.listAccounts({ accessToken: token.accessToken, maxResults: 1 }, { signal })
    return token
  } catch (thrown) {
    const isOver =
      isSignInError(thrown, 'sign-in-needed') ||
      isServiceException(thrown, portalErrors.UnauthorizedException.spec.name)
    if (isOver || isServiceException(thrown, portalErrors.ForbiddenException.spec.name)) return undefined
    throw thrown
  }
}

/** A person may give a session, or the address of a Portico. */
export function targetOf(named: string | undefined, flags: TargetFlags): Target {
  if (named === undefined) return resolveTarget(flags)
  return resolveTarget({ ...flags, ...(URL.canParse(named) ? { startUrl: named } : { session: named }) })
}

/** A browser on another machine gets stuck at an address that leads here; the person may paste it. */
function pasteFrom(flags: LoginFlags): { onEvent(event: SignInEvent): void; end(): void } {
  let stop = () => {}
  return {
    onEvent(event) {
      if (event.type !== 'browser' || !canAsk(flags)) return
      const { paste } = event
      const take = (text: Buffer) => {
        if (text.toString().trim() !== '' && !paste(text.toString())) say('That is not the address that was asked for.')
      }
      process.stdin.on('data', take)
      stop = () => {
        process.stdin.off('data', take)
        process.stdin.pause()
      }
    },
    end: () => stop(),
  }
}

function methodOf({ method = 'auto' }: LoginFlags): 'auto' | 'pkce' | 'device' {
  if (method === 'auto' || method === 'pkce' || method === 'device') return method
  throw new Failure('usage', `--method is auto, pkce or device, not ${method}.`)
}

/** A timer counts no further than 24 days. */
function patienceOf(text: string): number {
  const ms = milliseconds('--timeout', text)
  if (ms > 0 && ms < 2 ** 31) return ms
  throw new Failure('usage', `--timeout is a time from 1s to 596h, not ${text}.`)
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Failure('usage', `--port is a number from 1 to 65535, not ${text}.`)
}

/** A target and its token, without what must not be printed. */
export function describe({ session, profile }: Target, token: CachedToken) {
  return {
    session: session.name ?? null,
    profile: profile ?? null,
    startUrl: session.startUrl,
    region: session.region,
    expiresAt: new Date(token.expiresAt).toISOString(),
    refreshable: token.refreshToken !== undefined,
  }
}

/** What a person calls the target. */
export function nameOf({ session }: Target): string {
  return session.name ?? session.startUrl
}

function renewal({ refreshToken }: CachedToken): string {
  return refreshToken === undefined ? '' : ', and renewed by itself'
}
