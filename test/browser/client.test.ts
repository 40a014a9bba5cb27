/** The client where there is no Node.js: bundled for the web, in a page of another origin, against a server of ours. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildSync } from 'esbuild'
import { formBrowser } from '../support/form-browser.ts'
import { startPortico } from '../support/portico.ts'
import { launchChromium } from './chromium.ts'

const bundle = buildSync({
  stdin: {
    contents: "export * as client from 'ssooidc'",
    resolveDir: join(import.meta.dirname, '..'),
  },
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'portico',
  platform: 'browser',
  minify: true,
})

test('the client bundles for the web without a module of Node.js', () => {
  const [script] = bundle.outputFiles
  assert.doesNotMatch(script?.text ?? 'node:', /["']node:/)
})

test('a web page signs a device in, from another origin', async () => {
  await using portico = await startPortico()
  const script = bundle.outputFiles[0]?.text ?? ''
  const site = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<title>Elsewhere</title>'),
  )
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
    await page.addScriptTag({ content: script })
    const device = await page.evaluate(`(async () => {
      const { registerClient, startDeviceAuthorization } = (globalThis.oidc = portico.client.ssooidc({ endpoint: '${portico.url}' }))
      globalThis.registered = await registerClient({ clientName: 'a web page', clientType: 'public', scopes: ['sso:account:access'] })
      return (globalThis.device = await startDeviceAuthorization({ ...registered, startUrl: '${portico.startUrl}' }))
    })()`)
    const { verificationUriComplete } = device as { verificationUriComplete: string }

    const poll = `oidc.createToken({ ...registered, grantType: portico.client.GRANT_TYPES.deviceCode, deviceCode: device.deviceCode })`
    const waiting = await page.evaluate(
      `${poll}.catch((error) => [error.name, portico.client.isServiceException(error, 'authorization_pending')])`,
    )
    assert.deepEqual(waiting, ['AuthorizationPendingException', true], 'the page can read which error it was')

    await formBrowser().decide(verificationUriComplete, portico.person('alice'))
    const accounts = await page.evaluate(`(async () => {
      const { accessToken } = await ${poll}
      const { accountList } = await portico.client.sso({ endpoint: '${portico.url}' }).listAccounts({ accessToken })
      return accountList.map(({ accountId }) => accountId)
    })()`)
    assert.deepEqual(
      accounts,
      portico.accounts.map(({ accountId }) => accountId),
    )
  } finally {
    await browser.close()
    site.close()
  }
})
