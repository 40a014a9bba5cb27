/**
 * A browser without a screen, for tests that need a person's decision but not a picture of it: keeps cookies, follows
 * redirects within the origin, and sends the forms that pages offer, hidden fields included. Runs over HTTP or, given the
 * app's own `fetch`, in memory.
 *
 * Not its job: scripts, styles and what a page looks like; see `../browser/`.
 */
import type { DemoPerson } from './portico.ts'

/** Sends one request without following redirects. */
export type Fetch = (request: Request) => Response | Promise<Response>

/** A page as it arrived. `url` is where redirects ended. */
export type FetchedPage = { url: string; status: number; html: string; location: string | null }

/** One profile: its own cookies. */
export type FormBrowser = {
  /** The jar, by name. */
  readonly cookies: Map<string, string>
  /** Opens an address. Stops at a redirect to another origin, whose target is then the page's `location`. */
  open(url: string): Promise<FetchedPage>
  /** Sends the page's form that has all the given fields or buttons, with its hidden and prefilled fields. */
  send(page: FetchedPage, fields: Readonly<Record<string, string>>): Promise<FetchedPage>
  /** Opens an address, signs in if asked, types the code and chooses the number that the terminal shows, if asked, and decides. */
  decide(
    url: string,
    person: DemoPerson,
    decision?: 'approve' | 'deny',
    userCode?: string,
    number?: string,
  ): Promise<FetchedPage>
}

/** Opens a profile. */
export function formBrowser(fetcher: Fetch = (request) => fetch(request)): FormBrowser {
  const cookies = new Map<string, string>()

  async function go(request: Request): Promise<FetchedPage> {
    request.headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetcher(request)
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '' || /;\s*max-age=0/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = response.headers.get('location')
    const target = location === null ? null : new URL(location, request.url)
    if (target !== null && target.origin === new URL(request.url).origin)
      return go(new Request(target, { redirect: 'manual' }))
    return { url: request.url, status: response.status, html: await response.text(), location }
  }

  const open = (url: string) => go(new Request(url, { redirect: 'manual' }))

  async function send(page: FetchedPage, fields: Readonly<Record<string, string>>): Promise<FetchedPage> {
    const form = formsOf(page.html).find(({ names }) => Object.keys(fields).every((name) => names.has(name)))
    if (form === undefined)
      throw new Error(`${page.url} has no form with ${Object.keys(fields).join(', ')}:\n${page.html}`)
    const url = new URL(form.action, page.url)
    const body = new URLSearchParams({ ...form.prefilled, ...fields })
    if (form.method === 'get') return open(`${url.origin}${url.pathname}?${body}`)
    // Form posts carry the page's origin: the server refuses them without.
    return go(new Request(url, { method: 'POST', body, redirect: 'manual', headers: { origin: url.origin } }))
  }

  return {
    cookies,
    open,
    send,
    async decide(url, { username, password }, decision = 'approve', userCode, number) {
      let page = await open(url)
      for (let step = 0; step < 5; step++) {
        const names = new Set(formsOf(page.html).flatMap((form) => [...form.names]))
        if (names.has('decision'))
          return send(page, { decision, ...(names.has('number') && number !== undefined ? { number } : {}) })
        if (names.has('password')) page = await send(page, { username, password })
        else if (names.has('user_code') && userCode !== undefined) page = await send(page, { user_code: userCode })
        else break
      }
      throw new Error(`${page.url} (${page.status}) offers no way to ${decision}:\n${page.html}`)
    },
  }
}

type Form = { action: string; method: string; names: Set<string>; prefilled: Record<string, string> }

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', content = '']) => {
    const controls = [...content.matchAll(/<(input|button)\b([^>]*)>/g)].map(([, tag, text = '']) => ({
      tag,
      name: attribute(text, 'name'),
      value: attribute(text, 'value') ?? '',
      type: attribute(text, 'type'),
    }))
    const named = controls.flatMap(({ name, ...rest }) => (name === undefined ? [] : [{ name, ...rest }]))
    const kept = named.filter(
      ({ tag, type }) => tag === 'input' && type !== 'checkbox' && type !== 'radio' && type !== 'submit',
    )
    return {
      action: attribute(attributes, 'action') ?? '',
      method: (attribute(attributes, 'method') ?? 'get').toLowerCase(),
      names: new Set(named.map(({ name }) => name)),
      prefilled: Object.fromEntries(kept.map(({ name, value }) => [name, value])),
    }
  })
}

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text)?.[1]
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
