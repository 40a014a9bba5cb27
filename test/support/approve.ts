/**
 * A person at a browser: signs in, looks at what is asked, and decides. Works through whatever pages the server puts between
 * the address that was opened and the decision, as a person would, by looking at what the page offers.
 */
import type { Browser, Page } from 'playwright-core'
import type { DemoPerson } from './portico.ts'

/** What the person does when asked. */
export type Decision = 'approve' | 'deny'

/** One decision to make. */
export type ApprovalOptions = {
  /** The address that a tool printed or opened: of the device page or of `/authorize`. */
  url: string
  person: DemoPerson
  /** `approve` unless said otherwise. */
  decision?: Decision
  /** For a device page that was opened without it. */
  userCode?: string
}

/**
 * Opens the address in a fresh browser profile, signs the person in, and decides. Returns the last page's text.
 *
 * @throws Error with the page's text, if it offers nothing that leads to a decision.
 */
export async function decideInBrowser(browser: Browser, options: ApprovalOptions): Promise<string> {
  // Nobody vouches for the certificate of a test.
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  try {
    return await decideOnPage(await context.newPage(), options)
  } finally {
    await context.close()
  }
}

/** The same in a page that is open already, so that a person who is signed in stays it. */
export async function decideOnPage(page: Page, options: ApprovalOptions): Promise<string> {
  const { url, person, decision = 'approve', userCode } = options
  await page.goto(url)
  for (let step = 0; step < 5; step++) {
    const button = page.locator(`button[name=decision][value=${decision}]`)
    if (await button.isVisible()) {
      await submit(page, () => button.click())
      return page.locator('body').ariaSnapshot()
    }
    if (await page.locator('input[name=password]').isVisible()) {
      await signIn(page, person)
    } else if (userCode !== undefined && (await page.locator('input[name=user_code]').isVisible())) {
      await page.fill('input[name=user_code]', userCode)
      await submit(page, () => page.press('input[name=user_code]', 'Enter'))
    } else break
  }
  throw new Error(`${page.url()} offers no way to ${decision}; it says:\n${await page.locator('body').ariaSnapshot()}`)
}

/** Fills and sends the sign-in form that the page shows. */
export async function signIn(page: Page, { username, password }: DemoPerson): Promise<void> {
  await page.fill('input[name=username]', username)
  await page.fill('input[name=password]', password)
  await submit(page, () => page.press('input[name=password]', 'Enter'))
}

/** Sends a form and waits for the page that answers, redirects included. */
async function submit(page: Page, act: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForEvent('load'), act()])
}
