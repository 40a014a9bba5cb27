/**
 * Letters to people: links that they asked for or were invited by, and word of whatever changed about how they sign in. A
 * letter holds no secret but the link that it is about, and never asks anybody to follow a link and sign in.
 *
 * Without a mail server nothing is sent; what a person must know stands on their account page too.
 */
import type { User } from '../../storage/storage.ts'
import type { Deps, Origin, Settings } from '../deps.ts'

/** What it takes to write to people. */
export type Post = Pick<Deps, 'mailer'> & { readonly settings: Pick<Settings, 'origin' | 'supportEmail'> }

/** What somebody is told of afterwards. */
export type News =
  | 'password-changed'
  | 'passkey-added'
  | 'passkey-removed'
  | 'totp-added'
  | 'totp-removed'
  | 'recovery-codes-made'
  | 'recovery-code-used'
  | 'factors-reset'

const sentences: Readonly<Record<News, string>> = {
  'password-changed': 'Your password was changed.',
  'passkey-added': 'A passkey was added to your account.',
  'passkey-removed': 'A passkey was removed from your account, and what a passkey had let in elsewhere was signed out.',
  'totp-added': 'An app for one-time codes was added to your account.',
  'totp-removed':
    'The app for one-time codes was removed from your account, and what its codes had let in elsewhere was signed out.',
  'recovery-codes-made': 'New recovery codes were made for your account. The earlier ones do not work any more.',
  'recovery-code-used': 'Somebody signed in to your account with a recovery code.',
  'factors-reset':
    'An administrator removed your passkeys, your app for one-time codes and your recovery codes, and signed you out everywhere.',
}

/** Tells a person what happened, if they have an e-mail address and there is a mail server. */
export function tell(deps: Post, user: User, news: News, origin: Origin | undefined): void {
  const sentence = sentences[news]
  const from = origin === undefined ? '' : `\n\nIt was done from ${origin.address}.`
  write(deps, user, sentence.replace(/\.$/, '').split('. ')[0] ?? sentence, `${sentence}${from}\n\n${alarm(deps)}`)
}

/** Sends somebody the link that invites them. False when it cannot be sent. */
export function sendInvitation(deps: Post, user: User, link: string, days: number): boolean {
  return write(
    deps,
    user,
    `You are invited to Portico`,
    `You have an account at ${deps.settings.origin}. Your user name is ${user.userName}.

Choose how you will sign in:

${link}

The link works once and for ${days} days. If you did not expect this letter, ask your administrator about it.`,
  )
}

/** Sends somebody the link by which they choose a new password. False when it cannot be sent. */
export function sendResetLink(deps: Post, user: User, link: string, minutes: number): boolean {
  return write(
    deps,
    user,
    'Choose a new password',
    `Somebody, probably you, asked for a new password for ${user.userName} at ${deps.settings.origin}.

${link}

The link works once and for ${minutes} minutes. If it was not you, do nothing: your password stays as it is.`,
  )
}

/**
 * Tells somebody that a program elsewhere got access, and how to take it back. The program's name is a stranger's to choose, so
 * that nothing of it may look like an address to go to; what it says that it runs on stays on the account page.
 */
export function sendDistantDevice(
  deps: Post,
  user: User,
  { clientName, address, at, expiresAt }: { clientName: string; address: string; at: number; expiresAt: number },
  link: string,
): boolean {
  return write(
    deps,
    user,
    'A program in another network got access as you',
    `A program in another network than yours got access as you, because it was approved in your browser.

It calls itself: ${clientName.replaceAll(/[^\p{L}\p{N} ]+/gu, ' ').trim() || 'nothing'}
It began at: ${address || 'an unknown address'}
It got access on: ${moment(at)}

If you are not at that program yourself, end its access now. This link opens a page with one button, and asks for no password:

${link}

The link does that and nothing else, until ${moment(expiresAt)}, when the access is over anyway. If it was you, there is nothing to do.

${alarm(deps)}`,
  )
}

function moment(at: number): string {
  return `${new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`
}

function alarm({ settings }: Post): string {
  const whom = settings.supportEmail === null ? 'your administrator' : settings.supportEmail
  return `If you did not expect this, tell ${whom} at once.\n\nYou see all of it on the page “Account” at ${settings.origin}.`
}

function write({ mailer }: Post, user: User, subject: string, text: string): boolean {
  if (mailer === null || user.email === null) return false
  mailer.post({ to: user.email, subject, text: `Hello ${user.displayName},\n\n${text}\n` })
  return true
}
