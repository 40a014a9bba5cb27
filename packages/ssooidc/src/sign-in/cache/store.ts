/** Where tokens are kept between calls, processes and programs. */
import type { Session } from '../session.ts'
import type { CachedToken } from './token.ts'

/** What a store has for a session. */
export type Reading =
  | { readonly outcome: 'found'; readonly token: CachedToken }
  | { readonly outcome: 'absent' }
  /** Something is there that is no token; `problem` is a sentence for a person. */
  | { readonly outcome: 'unreadable'; readonly problem: string }

/** Room for one token. */
export type Room = {
  /** Puts a token there, and so in the place of what was there, whole. */
  write(token: CachedToken): Promise<void>
  /** Gives the room back, since no token came. */
  cancel(): Promise<void>
}

/** Keeps one token for each session. */
export interface TokenStore {
  read(session: Session): Promise<Reading>
  /** Takes the place of what was there, whole: no reader ever sees a part of it. */
  write(session: Session, token: CachedToken): Promise<void>
  /**
   * Makes room for a token before it is asked for: a refresh token may be good for one use, and what it is given away for must
   * not be lost to a full disk. A store that always has room needs none of this.
   *
   * @throws SignInError `unwritable` when a token could not be kept
   */
  reserve?(session: Session): Promise<Room>
  /** Does nothing when there is none. */
  remove(session: Session): Promise<void>
  /**
   * Runs `work` while nobody else, in any process that shares the store, runs work for the same session.
   *
   * @throws SignInError `locked` when the turn does not come, `unwritable` where nobody can take turns; or the reason of `signal`
   */
  exclusively<T>(session: Session, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}
