/**
 * Signs a person in from a program, as `aws sso login --use-device-code` does, and gets credentials for a role of theirs.
 *
 *     npm start                                        # in one terminal
 *     node examples/sign-in.ts http://127.0.0.1:8000   # in another
 *
 * Against AWS: give a Region in place of the endpoint, and your start URL after it. What a program that people use every day
 * would add – keeping the tokens, refreshing them – is left out.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { GRANT_TYPES, isServiceException, type RegisterClientOutput, type Ssooidc, sso, ssooidc } from 'ssooidc'

const [where = 'http://127.0.0.1:8000', startUrl = `${where}/start`] = process.argv.slice(2)
const options = URL.canParse(where) ? { endpoint: where } : { region: where }

// A program says what went wrong in a sentence; whoever wants the stack has a debugger.
process.on('uncaughtException', (error) => {
  console.error(error.message)
  process.exit(1)
})

const oidc = ssooidc(options)
const client = await oidc.registerClient({
  clientName: 'examples/sign-in.ts',
  clientType: 'public',
  scopes: ['sso:account:access'],
})
const accessToken = await signIn(oidc, client, startUrl)

const portal = sso(options)
const { accountList } = await portal.listAccounts({ accessToken })
for (const { accountId, accountName } of accountList) {
  const { roleList } = await portal.listAccountRoles({ accessToken, accountId })
  console.log(`${accountId}  ${accountName ?? ''}: ${roleList.map(({ roleName }) => roleName).join(', ')}`)
  const [role] = roleList
  if (role === undefined) continue
  const { roleCredentials } = await portal.getRoleCredentials({ accessToken, accountId, roleName: role.roleName })
  const until = new Date(roleCredentials.expiration).toLocaleTimeString()
  console.log(`  ${role.roleName}: access key ${roleCredentials.accessKeyId}, good until ${until}`)
}

/** Shows the person a code and waits for their decision. @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5 */
async function signIn(
  { startDeviceAuthorization, createToken }: Ssooidc,
  { clientId, clientSecret }: RegisterClientOutput,
  startUrl: string,
): Promise<string> {
  const device = await startDeviceAuthorization({ clientId, clientSecret, startUrl })
  console.log(`Open ${device.verificationUriComplete}\nand compare the code: ${device.userCode}\n`)
  const { deviceCode } = device
  let interval = device.interval ?? 5
  for (;;) {
    await sleep(interval * 1000)
    try {
      const grantType = GRANT_TYPES.deviceCode
      return (await createToken({ clientId, clientSecret, grantType, deviceCode })).accessToken
    } catch (thrown) {
      if (isServiceException(thrown, 'slow_down')) interval += 5
      else if (!isServiceException(thrown, 'authorization_pending')) throw thrown
    }
  }
}
