/**
 * `kill -9` while people approve, refresh and leave: what the server acknowledged is still so when it comes back. The oracle
 * is this file's own journal of what was acknowledged, and asks the server through its front door only.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isServiceException, sso, ssooidc } from 'ssooidc'
import { formBrowser } from './support/form-browser.ts'
import { type RunningPortico, startPortico } from './support/portico.ts'

const KILLS = 50
const WORKERS = 6
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/** What was acknowledged of one sign-in. What was asked for and not answered may be either way. */
type Journal = {
  client: { clientId: string; clientSecret: string }
  deviceCode: string
  /** The approval page said so. */
  approved: boolean
  /** Tokens of the newest answer. */
  accessToken?: string
  refreshToken?: string | undefined
  /** Logout was asked for; true once it was acknowledged. */
  loggedOut?: boolean
}

test(`no acknowledged approval, refresh or logout is lost over ${KILLS} kills`, { timeout: 600_000 }, async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'portico-kill-'))
  const journals: Journal[] = []
  const counts = { approvals: 0, refreshes: 0, logouts: 0 }
  try {
    let clientId: { clientId: string; clientSecret: string } | undefined
    for (let kill = 0; kill < KILLS; kill++) {
      const portico = await start(dataDir)
      await check(portico, journals.splice(0), counts)
      clientId ??= await register(portico)
      const client = clientId
      let running = true
      // Killed as the last of so many answers arrives: the others are at whatever point they are.
      const enough = Promise.withResolvers<void>()
      let left = 2 + ((kill * 7) % 9)
      const acknowledged = () => {
        left -= 1
        if (left === 0) enough.resolve()
      }
      const workers = Array.from({ length: WORKERS }, async (_, index) => {
        const browser = formBrowser()
        while (running) {
          try {
            await signInOnce(portico, browser, client, index, journals, acknowledged)
          } catch (error) {
            // A connection that broke is the point of this test; an answer that says no is not.
            if (isServiceException(error)) {
              enough.reject(error)
              return
            }
          }
        }
      })
      await enough.promise
      running = false
      await portico.stop('SIGKILL')
      await Promise.all(workers)
    }
    const portico = await start(dataDir)
    await check(portico, journals.splice(0), counts)
    await portico.stop()
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
  t.diagnostic(`checked after kills: ${JSON.stringify(counts)}`)
  for (const [what, count] of Object.entries(counts)) assert.ok(count > 0, `no ${what} were acknowledged in any round`)
})

function start(dataDir: string): Promise<RunningPortico> {
  const unlimited = ['registrations', 'device-grants', 'mints'].flatMap((name) => [`--${name}-per-second`, '0'])
  return startPortico({ dataDir, args: unlimited })
}

async function register(portico: RunningPortico) {
  const oidc = ssooidc({ endpoint: portico.url })
  return oidc.registerClient({ clientName: 'kill', clientType: 'public', scopes: ['sso:account:access'] })
}

async function signInOnce(
  portico: RunningPortico,
  browser: ReturnType<typeof formBrowser>,
  client: Journal['client'],
  index: number,
  journals: Journal[],
  acknowledged: () => void,
): Promise<void> {
  const { clientId, clientSecret } = client
  const oidc = ssooidc({ endpoint: portico.url })
  const grant = await oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl: portico.startUrl })
  const journal: Journal = { client, deviceCode: grant.deviceCode, approved: false }
  // Two people, so that neither's guesses at codes are many at one moment.
  const page = await browser.decide(grant.verificationUriComplete, portico.person(index % 2 === 0 ? 'alice' : 'bob'))
  if (!/Approved/.test(page.html)) return
  journal.approved = true
  journals.push(journal)
  acknowledged()
  if (index % 3 === 0) return
  const tokens = await oidc.createToken({ ...pick(client), grantType: deviceGrant, deviceCode: grant.deviceCode })
  Object.assign(journal, { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken })
  const refreshToken = tokens.refreshToken ?? ''
  const refreshed = await oidc.createToken({ ...pick(client), grantType: 'refresh_token', refreshToken })
  Object.assign(journal, { accessToken: refreshed.accessToken, refreshToken: refreshed.refreshToken })
  acknowledged()
  if (index % 3 === 1) return
  journal.loggedOut = false
  await sso({ endpoint: portico.url }).logout({ accessToken: refreshed.accessToken })
  journal.loggedOut = true
  acknowledged()
}

async function check(
  portico: RunningPortico,
  journals: readonly Journal[],
  counts: { approvals: number; refreshes: number; logouts: number },
): Promise<void> {
  const oidc = ssooidc({ endpoint: portico.url })
  const portal = sso({ endpoint: portico.url })
  for (const { client, deviceCode, accessToken, refreshToken, loggedOut } of journals) {
    const refresh = () =>
      oidc.createToken({ ...pick(client), grantType: 'refresh_token', refreshToken: refreshToken ?? '' })
    if (loggedOut === true) {
      await assert.rejects(
        portal.listAccounts({ accessToken: accessToken ?? '' }),
        unauthorized,
        'an acknowledged logout',
      )
      await assert.rejects(refresh(), (error) => isServiceException(error, 'invalid_grant'), 'an acknowledged logout')
      counts.logouts++
    } else if (loggedOut === false) {
      // Asked for and not answered: either is true, but it must be one of the two.
      await portal
        .listAccounts({ accessToken: accessToken ?? '' })
        .catch((error) => assert.ok(unauthorized(error), error))
    } else if (refreshToken !== undefined) {
      await portal.listAccounts({ accessToken: accessToken ?? '' })
      await refresh()
      counts.refreshes++
    } else {
      // Approved, and perhaps redeemed by a call whose answer was lost: the device gets its session all the same.
      await oidc.createToken({ ...pick(client), grantType: deviceGrant, deviceCode })
      counts.approvals++
    }
  }
}

function pick({ clientId, clientSecret }: Journal['client']) {
  return { clientId, clientSecret }
}

function unauthorized(error: unknown): boolean {
  return isServiceException(error, 'UnauthorizedException')
}
