/** A person who is signed in at a whole server in memory, for targets that need one. */
import { type TestInstance, testInstance } from '../support/instance.ts'

/** A browser's session, and what its forms must carry. */
export type SignedInBrowser = {
  instance: TestInstance
  /** The name and value of the session's cookie. */
  sessionCookie: string
  secret: string
  csrf: string
}

/** Signs alice in. */
export async function signedInBrowser(): Promise<SignedInBrowser> {
  const instance = await testInstance()
  const { username, password } = instance.people.alice
  const browser = instance.browser()
  const signIn = await browser.open(`${instance.origin}/sign-in?return=%2Fdevice`)
  const { html } = await browser.send(signIn, { username, password })
  const sessionCookie = 'portico-session-8000'
  const secret = browser.cookies.get(sessionCookie)
  const [, csrf] = /name="csrf" value="([^"]+)"/.exec(html) ?? []
  if (secret === undefined || csrf === undefined) throw new Error(`alice is not signed in:\n${html}`)
  return { instance, sessionCookie, secret, csrf }
}
