/** What signing in may be told, and what it tells meanwhile. */
import type { ClientOptions } from '../client/options.ts'
import type { OnUnkept } from './cache/keeping.ts'
import type { TokenStore } from './cache/store.ts'
import type { Clock } from './clock.ts'
import type { PollReport } from './device.ts'
import type { Choice, SignInMethod } from './method.ts'

/** What happens meanwhile, for whoever shows it to the person. */
export type SignInEvent =
  | ({ readonly type: 'method' } & Choice)
  /** A browser comes back by itself. When it could not, `paste` takes the address at which it got stuck. */
  | {
      readonly type: 'browser'
      readonly url: string
      readonly opened: boolean
      readonly paste: (url: string) => boolean
    }
  /** The person opens the address anywhere, and compares the code. */
  | {
      readonly type: 'device'
      readonly userCode: string
      readonly verificationUri: string
      readonly verificationUriComplete: string
      /** What the page asks for, when it does: see `numberMatch`. */
      readonly matchNumber?: string | undefined
      /** Epoch milliseconds. */
      readonly expiresAt: number
      readonly opened: boolean
      /** True: a browser was sent off before this, and may still come back. Whichever is first counts. */
      readonly beside?: boolean
    }
  | ({ readonly type: 'poll' } & PollReport)
  /** The session before was ended at the service; `error` says why it could not be. */
  | { readonly type: 'previous'; readonly error: unknown }
  /** The method did not work here, and the other one is tried. */
  | { readonly type: 'fallback'; readonly because: string }

/** How to sign in. */
export type SignInOptions = {
  /** Where the service is, and everything else that `ssooidc()` may be told. The Region is the session's unless given. */
  readonly client?: ClientOptions | undefined
  /** Where the token is kept. Default: where the AWS tools keep theirs. */
  readonly store?: TokenStore | undefined
  /**
   * Default `auto`: what fits the place. A browser that cannot be used gives way to a code, and one that is not back within ten
   * seconds gets a code beside it.
   */
  readonly method?: SignInMethod | 'auto' | undefined
  /** Opens an address; false when it could not. Default: the person's browser. `false`: open none. */
  readonly openBrowser?: false | ((url: string) => Promise<boolean>) | undefined
  /** Told of everything that the person must see: without it nobody learns the code. */
  readonly onEvent?: ((event: SignInEvent) => void) | undefined
  /**
   * True: this program shows the person `matchNumber`, where a `device` event has one, and a Portico's approval page asks them for
   * it. Other services pay no attention.
   */
  readonly numberMatch?: boolean | undefined
  /** What the approval page calls this program. Default `ssooidc`. */
  readonly clientName?: string | undefined
  /**
   * True: the session whose token is replaced is ended at the service, once the new token is kept. Not for AWS, whose Logout ends
   * the sign-in of the browser, and with it perhaps the session that has just begun.
   */
  readonly endPrevious?: boolean | undefined
  /** Told when the token could not be kept after all: it is good in this process only. Default: a warning on the console. */
  readonly onUnkept?: OnUnkept | undefined
  /** The port of the listener. Default: one that is free. */
  readonly port?: number | undefined
  /** Milliseconds for a person to decide, by whichever way. Default: ten minutes for a browser, and for a code its own life. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
}
