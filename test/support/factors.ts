/** What tests of second factors do over and over: sign in step by step, read an app's code, change who needs a factor. */
import { Secret, TOTP } from 'otpauth'
import type { User } from '../../packages/portico/src/storage/storage.ts'
import type { FetchedPage, FormBrowser } from './form-browser.ts'
import type { TestInstance } from './instance.ts'
import type { DemoPerson } from './portico.ts'

/** The code that an app shows at this moment. */
export function codeOf(secret: string, now: number): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), timestamp: now })
}

/** The base32 secret that a page shows for typing. */
export function secretOn(page: FetchedPage): string {
  return /<code class="spelled">([A-Z2-7 ]+)<\/code>/.exec(page.html)?.[1]?.replaceAll(' ', '') ?? ''
}

/** What a page's passkey form carries: the options for the browser, unescaped. */
export function passkeyOptionsOn(page: FetchedPage): string {
  const escaped = /data-options="([^"]*)"/.exec(page.html)?.[1] ?? ''
  return escaped.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

/** Types user name and password, and says where that leads. */
export async function typePassword(
  instance: TestInstance,
  { username, password }: Pick<DemoPerson, 'username' | 'password'>,
  browser: FormBrowser = instance.browser(),
  path = '/sign-in',
): Promise<{ browser: FormBrowser; page: FetchedPage }> {
  const form = await browser.open(instance.origin + path)
  return { browser, page: await browser.send(form, { username, password }) }
}

/** A browser in which the person is signed in with a password alone, and an app set up from there. */
export async function withApp(
  instance: TestInstance,
  person: DemoPerson = instance.people.alice,
): Promise<{ browser: FormBrowser; secret: string }> {
  const { browser } = await typePassword(instance, person)
  const offer = await browser.open(`${instance.origin}/account/one-time-codes`)
  const secret = secretOn(offer)
  await browser.send(offer, { code: codeOf(secret, instance.clock.now) })
  return { browser, secret }
}

/** Signs somebody in who has an app. The clock moves on, so that the code is a new one. */
export async function signInWithApp(
  instance: TestInstance,
  secret: string,
  person: DemoPerson = instance.people.alice,
): Promise<{ browser: FormBrowser; page: FetchedPage }> {
  instance.clock.now += 60_000
  const { browser, page } = await typePassword(instance, person)
  return { browser, page: await browser.send(page, { code: codeOf(secret, instance.clock.now) }) }
}

/** The person's record. */
export async function userOf(instance: TestInstance, { username }: Pick<DemoPerson, 'username'>): Promise<User> {
  const user = await instance.storage.findUserByName({ userName: username })
  if (user === undefined) throw new Error(`there is no ${username}`)
  return user
}

/** Makes a group or a permission set ask for a second factor. */
export async function requireOf(
  { storage, clock }: TestInstance,
  { group, permissionSet }: { group?: string; permissionSet?: string },
): Promise<void> {
  const stored = await storage.readOrganization({})
  const organization = {
    ...stored,
    groups: stored.groups.map((one) =>
      one.displayName === group ? { ...one, requireSecondFactor: true as const } : one,
    ),
    permissionSets: stored.permissionSets.map((one) =>
      one.name === permissionSet ? { ...one, requireSecondFactor: true as const } : one,
    ),
  }
  const audit = { at: clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  await storage.applyOrganization({ organization, now: clock.now, audit })
}
