/** What went wrong, as a sentence that says what to do and an exit code that a script can act on. */
import {
  ConfigError,
  ConnectionError,
  isServiceException,
  MalformedResponseError,
  oidcErrors,
  portalErrors,
  ResponseTooLargeError,
  TimeoutError,
  UnexpectedRedirectError,
} from 'ssooidc'
import { isSignInError } from 'ssooidc/sign-in'
import { Failure } from '../failure.ts'
import { adviceFor } from './network-advice.ts'
import type { TargetFlags } from './target.ts'
import { plain } from './terminal.ts'

/** A failure for everything that somebody foresaw; anything else comes back as it was. `flags` say whose sign-in it is about. */
export function toFailure(thrown: unknown, flags: TargetFlags = {}): unknown {
  if (thrown instanceof Failure) return thrown
  const because = { cause: thrown }
  if (isSignInError(thrown)) {
    const { reason, message } = thrown
    if (reason === 'sign-in-needed')
      return new Failure('sign-in-needed', `${message} Run: portico login${repeated(flags)}`, because)
    if (reason === 'denied') return new Failure('denied', message, because)
    if (reason === 'expired') return new Failure('expired', message, because)
    return new Failure('error', `${message.charAt(0).toUpperCase()}${message.slice(1)}`, because)
  }
  if (isServiceException(thrown)) return new Failure(reasonOf(thrown), spoken(thrown), because)
  if (thrown instanceof ConfigError) return new Failure('configuration', sentence(thrown.message), because)
  if (thrown instanceof ConnectionError) return new Failure('network', unreached(thrown), because)
  if (isNetwork(thrown)) return new Failure('network', plain(thrown.message), because)
  return thrown
}

/** Flags as they would be typed again. */
function repeated({ profile, session, startUrl, endpoint, region }: TargetFlags): string {
  return Object.entries({ profile, session, 'start-url': startUrl, endpoint, region })
    .flatMap(([name, value]) => (value === undefined ? [] : [` --${name} ${inShell(value)}`]))
    .join('')
}

function inShell(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}

function reasonOf(thrown: unknown): 'sign-in-needed' | 'denied' | 'error' {
  const is = (error: { spec: { name: string } }) => isServiceException(thrown, error.spec.name)
  if (is(portalErrors.UnauthorizedException)) return 'sign-in-needed'
  if (is(portalErrors.ForbiddenException) || is(oidcErrors.AccessDeniedException)) return 'denied'
  return 'error'
}

/** What a service said, with what its operator needs to find it. */
export function spoken({
  name,
  message,
  requestId,
}: {
  name: string
  message: string
  requestId: string | undefined
}): string {
  return `${plain(message)} (${name}${requestId === undefined ? '' : `, request ${requestId}`})`
}

/** Whether the service says that a session had ended before somebody wished to end it. */
export function isOver(thrown: unknown): boolean {
  return [portalErrors.UnauthorizedException, oidcErrors.InvalidGrantException, oidcErrors.InvalidClientException].some(
    ({ spec }) => isServiceException(thrown, spec.name),
  )
}

function unreached({ message, code, host }: ConnectionError): string {
  const advice = adviceFor(code, host)
  return advice === undefined ? plain(message) : `No answer from ${host}: ${advice}`
}

function isNetwork(thrown: unknown): thrown is Error {
  return [TimeoutError, UnexpectedRedirectError, ResponseTooLargeError, MalformedResponseError].some(
    (type) => thrown instanceof type,
  )
}

function sentence(text: string): string {
  // What a file calls a section is no word to be written otherwise.
  const begun = text.startsWith('sso-session ') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return `${begun}${text.endsWith('.') ? '' : '.'}`
}
