import { type Html, html } from './html.ts'

/** `1 account`, `12 accounts`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
}

/** A stretch of time in its largest whole unit: `40 seconds`, `9 minutes`, `8 hours`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 120) return count(whole, 'second')
  if (whole < 120 * 60) return count(Math.floor(whole / 60), 'minute')
  if (whole < 48 * 3600) return count(Math.floor(whole / 3600), 'hour')
  return count(Math.floor(whole / 86_400), 'day')
}

/** A moment in epoch milliseconds, in UTC; the script puts it into the reader's own time zone. */
export function moment(at: number): Html {
  const date = new Date(at)
  const text = date.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return html`<time datetime="${date.toISOString()}" data-local>${text} UTC</time>`
}

/** What a scope allows, for somebody who has never read its name. */
export function scopeInWords(scope: string): string {
  return knownScopes.get(scope) ?? `Use “${scope}”, which this server passes on without knowing it`
}

/** What a client without scopes gets is the same as with the first of these. */
const knownScopes = new Map([
  ['sso:account:access', 'See your accounts and roles, and get credentials for them'],
  ['openid', 'Learn who you are'],
  ['profile', 'See your name'],
  ['email', 'See your e-mail address'],
  ['offline_access', 'Stay signed in after you close this window'],
  ['aws', 'Act as you in AWS services'],
  ['sts:identity_context', 'Carry your identity into AWS services'],
])

/** What a list of scopes allows, one sentence each. No scopes means access to accounts: so older AWS tools ask for it. */
export function scopesInWords(scopes: readonly string[]): readonly string[] {
  return (scopes.length === 0 ? ['sso:account:access'] : scopes).map(scopeInWords)
}
