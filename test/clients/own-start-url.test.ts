/**
 * A start URL of one's own, over TLS. Newer AWS CLIs take only hosts of AWS, unless one `HEAD` to the start URL points to such
 * a host; they never go there. So people can configure the address that they also open in a browser.
 */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { launchChromium } from '../browser/chromium.ts'
import { certificate } from '../client/certificate.ts'
import { decideInBrowser } from '../support/approve.ts'
import { startPortico } from '../support/portico.ts'
import { startTlsFront } from '../support/tls-front.ts'
import { createAwsHome, firstRole } from './aws-home.ts'
import { cli2 } from './installed.ts'
import { clients } from './versions.ts'

test(`the AWS CLI ${clients['aws-cli-2'].version} signs in with our own https start URL`, async () => {
  await using front = await startTlsFront()
  const { host, port } = front.backend
  await using portico = await startPortico({
    args: ['--host', host, '--port', String(port), '--public-url', front.origin, '--tls-terminated'],
  })
  assert.equal(portico.startUrl, `${front.origin}/start`)
  const { accountId, roleName } = firstRole(portico)
  await using home = await createAwsHome(portico, { accountId, roleName })
  await writeFile(join(home.folder, 'ca.pem'), certificate)
  home.env.AWS_CA_BUNDLE = join(home.folder, 'ca.pem')

  await using browser = await launchChromium()
  for (const flow of [[], ['--use-device-code']]) {
    const login = home.start(cli2, ['sso', 'login', '--profile', 'dev', ...flow])
    await decideInBrowser(browser, { url: await home.openedUrl(login), person: portico.person('alice') })
    assert.equal((await login.ended).code, 0, login.explain('failed'))
    const identity = await home.run(cli2, ['sts', 'get-caller-identity', '--profile', 'dev', '--output', 'json'])
    assert.equal((JSON.parse(identity) as { Account: string }).Account, accountId)
    await home.forgetCredentials()
  }
})
