/**
 * Serves the pages' samples on a port of this computer, under the policy that the server sends, and visits them. Not its job:
 * the real routes, which other tests walk through.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { assets, contentSecurityPolicy } from '../../packages/portico/src/server/pages/pages.ts'
import { samples } from '../../packages/portico/src/server/pages/samples.ts'

/** Screens to look at, each in both colour schemes. */
export const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { name: `phone.${colorScheme}`, colorScheme, viewport: { width: 390, height: 844 } },
  { name: `desk.${colorScheme}`, colorScheme, viewport: { width: 1280, height: 800 } },
])

export type Look = (typeof looks)[number]

export type Pages = {
  names: readonly string[]
  url(name: string): string
  /** A tab that looks like this and collects what the browser complains about. */
  openTab(browser: Browser, look: Look, javaScriptEnabled?: boolean): Promise<Page>
  /** Opens a sample and returns, one line each, what axe-core finds and what the browser complained about. */
  visit(tab: Page, name: string): Promise<readonly string[]>
  close(): Promise<void>
}

/** Starts serving. The caller closes. */
export async function showPages(): Promise<Pages> {
  const files = new Map(Object.values(assets).map((asset) => [asset.path, asset]))
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://preview.invalid')
    const asset = files.get(pathname)
    if (asset !== undefined) return response.writeHead(200, { 'content-type': asset.contentType }).end(asset.body)
    const sample = samples.find(({ name }) => pathname === `/${name}`)
    response.writeHead(sample === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(),
    })
    return response.end(sample === undefined ? '' : sample.render().toString())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const complaints = new WeakMap<Page, string[]>()

  return {
    names: samples.map(({ name }) => name),
    url: (name) => `${origin}/${name}`,
    async openTab(browser, { colorScheme, viewport }, javaScriptEnabled = true) {
      const context = await browser.newContext({
        colorScheme,
        viewport,
        javaScriptEnabled,
        timezoneId: 'Europe/Berlin',
      })
      const tab = await context.newPage()
      const heard: string[] = []
      complaints.set(tab, heard)
      tab.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          heard.push(`the browser says: ${message.text()}`)
      })
      tab.on('pageerror', (error) => heard.push(`the script threw: ${error.message}`))
      return tab
    },
    async visit(tab, name) {
      const heard = complaints.get(tab) ?? []
      heard.length = 0
      await tab.goto(`${origin}/${name}`)
      const overflow = await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      if (overflow !== 0) heard.push(`${overflow} pixels stick out to the side`)
      const before = [...heard]
      await tab.evaluate(axe.source)
      const found = (await tab.evaluate('axe.run()')) as axe.AxeResults
      return before.concat(
        found.violations.map(
          ({ impact, id, help, nodes }) => `${impact}: ${id}: ${help}: ${nodes.map((n) => n.html).join(' ')}`,
        ),
      )
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
