/** Every page's address, and what all of them have in common. */

import type { Served } from '../../api.ts'
import { type App, type RequestContext, rawHeader, type ServerDeps } from '../../environment.ts'
import { refuseUnknown } from '../../routing.ts'
import { type Asset, assets, paths } from '../pages.ts'
import { getAuthorize, postConsent } from './authorize.ts'
import { type Browser, browserOf, errorAnswer } from './browser.ts'
import { getDevice, getDeviceEnding, postDevice } from './device.ts'
import { getCli, getCredentials, getStart, headStart } from './portal.ts'
import { getSetUp, postSetUp } from './set-up.ts'
import { getSignIn, getSignOut, postSignIn, postSignOut } from './sign-in.ts'

type PageHandler = (browser: Browser) => Promise<Response>

const gets: Readonly<Record<string, PageHandler>> = {
  [paths.start]: getStart,
  [paths.credentials]: getCredentials,
  [paths.cli]: getCli,
  [paths.signIn]: getSignIn,
  [paths.signOut]: getSignOut,
  [paths.device]: getDevice,
  [`${paths.device}/approved`]: getDeviceEnding,
  [`${paths.device}/denied`]: getDeviceEnding,
  [paths.authorize]: getAuthorize,
  [paths.setUp]: getSetUp,
}

const posts: Readonly<Record<string, PageHandler>> = {
  [paths.signIn]: postSignIn,
  [paths.signOut]: postSignOut,
  [paths.device]: postDevice,
  [paths.consent]: postConsent,
  [paths.setUp]: postSetUp,
}

/** Adds the pages. `fallback` answers programs that ask for something that is nowhere. */
export function pages(app: App, server: ServerDeps, fallback: Served): void {
  const { origin } = server.deps.settings
  for (const asset of Object.values(assets)) app.get(asset.path, (context) => sendAsset(context, asset))
  app.get('/', (context) => context.redirect(paths.start, 302))

  const answer = (handler: PageHandler) => async (context: RequestContext) => {
    // Cookies and passkeys belong to one host name: whoever came by another is sent over before there is a form.
    const host = rawHeader(context.var.raw, 'host') ?? ''
    if (isLocalhost(host) && host !== new URL(origin).host && context.var.raw.method !== 'POST')
      return context.redirect(origin + context.var.raw.target, 302)
    const browser = await browserOf(server, context)
    try {
      return await handler(browser)
    } catch (error) {
      server.logger.error({ requestId: context.get('requestId'), err: error }, 'a page failed')
      return errorAnswer(browser, 500, {
        title: 'Something went wrong here',
        whatHappened: 'The page could not be made. Nothing was changed by it.',
        whatToDo: 'Try again in a moment. If it happens again, tell your administrator the reference below.',
      })
    }
  }
  app.on('HEAD', paths.start, answer(headStart))
  for (const [path, handler] of Object.entries(gets)) app.get(path, answer(handler))
  for (const [path, handler] of Object.entries(posts)) app.post(path, answer(handler))

  app.notFound((context) => {
    const isPage = (rawHeader(context.var.raw, 'accept') ?? '').includes('text/html')
    return isPage ? answer(nowhere)(context) : refuseUnknown(fallback, context)
  })
}

const nowhere: PageHandler = async (browser) =>
  errorAnswer(browser, 404, {
    title: 'There is nothing here',
    whatHappened: 'No page has this address.',
    whatToDo: 'Go to your accounts and start from there.',
  })

function sendAsset(context: RequestContext, asset: Asset): Response {
  const pinned = context.req.query('v') === asset.version
  return new Response(asset.body, {
    headers: {
      'Content-Type': asset.contentType,
      'Cache-Control': pinned ? 'public, max-age=31536000, immutable' : 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}

function isLocalhost(host: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host)
}
