/**
 * `npm run demo`: one whole sign-in in one terminal, every step shown as it happens. A real server on a data folder of its
 * own, the client's own functions, a real browser where one is found, and AWS's SDK to prove what the credentials are worth.
 * Leaves nothing behind.
 */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { isServiceException, sso, ssooidc } from 'ssooidc'
import { launchChromium } from '../test/browser/chromium.ts'
import { decideInBrowser } from '../test/support/approve.ts'
import { formBrowser } from '../test/support/form-browser.ts'
import { type RunningPortico, startPortico } from '../test/support/portico.ts'

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

await using portico = await startPortico()
step('Portico serves', portico.url)
const alice = portico.person('alice')
const oidc = ssooidc({ endpoint: portico.url })
const portal = sso({ endpoint: portico.url })

const client = await oidc.registerClient({
  clientName: 'npm run demo',
  clientType: 'public',
  scopes: ['sso:account:access'],
})
step('RegisterClient', `a client id of ${client.clientId.length} characters; nothing was stored`)

const { clientId, clientSecret } = client
const grant = await oidc.startDeviceAuthorization({ clientId, clientSecret, startUrl: portico.startUrl })
step('StartDeviceAuthorization', `code ${grant.userCode}, to be approved at ${grant.verificationUri}`)

const poll = () => oidc.createToken({ clientId, clientSecret, grantType: deviceGrant, deviceCode: grant.deviceCode })
await poll().catch((error: unknown) => {
  if (!isServiceException(error, 'authorization_pending')) throw error
  step('CreateToken', `${error.name}: ${error.message}`)
})

step('In the browser', `${alice.username} signs in, compares the code and approves`)
console.log(indent(await approve(portico, grant.verificationUriComplete)))

const { accessToken, refreshToken, expiresIn } = await poll()
step('CreateToken', `an access token for ${expiresIn} s${refreshToken === undefined ? '' : ', and a refresh token'}`)

const { accountList } = await portal.listAccounts({ accessToken })
step('ListAccounts', accountList.map(({ accountId, accountName }) => `${accountId} ${accountName ?? ''}`).join(', '))

const [account] = portico.accounts
const roleName = account?.roles[0] ?? ''
const { roleCredentials } = await portal.getRoleCredentials({
  accessToken,
  accountId: account?.accountId ?? '',
  roleName,
})
step('GetRoleCredentials', `${roleName}: access key ${roleCredentials.accessKeyId}`)

const { accessKeyId, secretAccessKey, sessionToken } = roleCredentials
const credentials = { accessKeyId, secretAccessKey, sessionToken }
const sts = new STSClient({ endpoint: portico.url, region: portico.region, credentials })
const identity = await sts.send(new GetCallerIdentityCommand({}))
step('sts GetCallerIdentity', identity.Arn ?? '')

await portal.logout({ accessToken })
await portal.listAccounts({ accessToken }).catch((error: unknown) => {
  if (!isServiceException(error)) throw error
  step('Logout', `and the token is worth nothing: ${error.name}: ${error.message}`)
})

async function approve({ person }: RunningPortico, url: string): Promise<string> {
  const browser = await launchChromium().catch(() => undefined)
  if (browser === undefined) {
    console.log(indent('(no Chromium here: the forms are filled in without one)'))
    const page = await formBrowser().decide(url, person('alice'))
    return /<h1>([^<]*)/.exec(page.html)?.[1] ?? page.url
  }
  try {
    const seen = await decideInBrowser(browser, { url, person: person('alice') })
    return [...seen.matchAll(/- (?:heading "([^"]*)"|paragraph: (.*))/g)]
      .map(([, heading, text]) => heading ?? text)
      .join('\n')
  } finally {
    await browser.close()
  }
}

function step(what: string, how: string): void {
  console.log(`\n${what}\n${indent(how)}`)
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}
