/** Every page's address, and what all of them have in common. */
import { startUrlAlias } from '../../../core/access/start-url.ts'
import { type App, type RequestContext, rawHeader, type ServerDeps } from '../../environment.ts'
import { type Api, refuseUnknown } from '../../routing.ts'
import { type Asset, assets, paths } from '../pages.ts'
import {
  getAccount,
  getOneTimeCodes,
  getPassword,
  getRecoveryCodes,
  postAccount,
  postOneTimeCodes,
  postPasskeys,
  postPassword,
  postRecoveryCodes,
  postSessions,
} from './account.ts'
import { getAuthorize, postAuthorize, postConsent } from './authorize.ts'
import { type Browser, browserOf, errorAnswer } from './browser.ts'
import { getDevice, getDeviceEnding, postDevice } from './device.ts'
import { getDisown, postDisown } from './disown.ts'
import { getEndSession, postEndSession } from './end-session.ts'
import { getForgot, getPersonLink, postForgot, postPersonLink } from './person-links.ts'
import { getCli, getCredentials, getStart } from './portal.ts'
import { getEnrol, getSecondFactor, postEnrol, postSecondFactor, proveTheRest } from './second-factor.ts'
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
  [`${paths.device}/wrong-number`]: getDeviceEnding,
  [paths.authorize]: getAuthorize,
  [paths.endSession]: getEndSession,
  [paths.setUp]: getSetUp,
  [paths.personLink]: getPersonLink,
  [paths.secondFactor]: getSecondFactor,
  [paths.enrol]: getEnrol,
  [paths.forgot]: getForgot,
  [paths.account]: getAccount,
  [paths.password]: getPassword,
  [paths.oneTimeCodes]: getOneTimeCodes,
  [paths.recoveryCodes]: getRecoveryCodes,
  [paths.disown]: getDisown,
}

const posts: Readonly<Record<string, PageHandler>> = {
  [paths.signIn]: postSignIn,
  [paths.signOut]: postSignOut,
  [paths.device]: postDevice,
  [paths.authorize]: postAuthorize,
  [paths.consent]: postConsent,
  [paths.endSession]: postEndSession,
  [paths.setUp]: postSetUp,
  [paths.personLink]: postPersonLink,
  [paths.secondFactor]: postSecondFactor,
  [paths.enrol]: postEnrol,
  [paths.forgot]: postForgot,
  [paths.account]: postAccount,
  [paths.password]: postPassword,
  [paths.passkeys]: postPasskeys,
  [paths.oneTimeCodes]: postOneTimeCodes,
  [paths.recoveryCodes]: postRecoveryCodes,
  [paths.sessions]: postSessions,
  [paths.disown]: postDisown,
}

/** Adds the pages. `api` answers programs that ask for something that is nowhere. */
export function pages(app: App, server: ServerDeps, api: Api): void {
  const { settings, instance } = server.deps
  for (const asset of Object.values(assets)) app.get(asset.path, (context) => sendAsset(context, asset))
  app.get('/', (context) => context.redirect(paths.start, 302))
  // Recent AWS CLIs ask so whether a start URL is AWS's, and take the alias for an answer without contacting it.
  for (const path of [paths.start, `${paths.start}/`])
    app.get(path, (context, next) =>
      context.var.raw.method === 'HEAD' ? context.redirect(startUrlAlias(instance), 302) : next(),
    )
  app.get(`${paths.start}/`, (context) => context.redirect(paths.start, 302))

  const answer = (handler: PageHandler) => async (context: RequestContext) => {
    const { raw } = context.var
    const { host: ownHost } = new URL(settings.origin)
    // Cookies and passkeys belong to one name: whoever came by another of this machine's is sent over before there is a form.
    const host = rawHeader(raw, 'host') ?? ''
    if (host !== ownHost && isLoopback(host) && isLoopback(ownHost) && raw.method !== 'POST')
      return context.redirect(settings.origin + raw.target, 302)
    const browser = await browserOf(server, context)
    try {
      return (await proveTheRest(browser)) ?? (await handler(browser))
    } catch (error) {
      server.logger.error({ requestId: context.get('requestId'), err: error }, 'a page failed')
      return errorAnswer(browser, 500, {
        title: 'Something went wrong here',
        whatHappened: 'The page could not be made. Nothing was changed by it.',
        whatToDo: 'Try again in a moment. If it happens again, tell your administrator the reference below.',
      })
    }
  }
  for (const [path, handler] of Object.entries(gets)) app.get(path, answer(handler))
  for (const [path, handler] of Object.entries(posts)) app.post(path, answer(handler))

  app.notFound((context) => {
    const isPage = (rawHeader(context.var.raw, 'accept') ?? '').includes('text/html')
    return isPage ? answer(nowhere)(context) : refuseUnknown(api, context)
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

function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host)
}
