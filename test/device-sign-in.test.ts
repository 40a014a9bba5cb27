/** The device grant, from registration to role credentials, as programs and people go through it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isServiceException } from 'ssooidc'
import { testInstance } from './support/instance.ts'

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

test('a person approves a device, and its program gets role credentials', async () => {
  const { oidc, portal, browser, people, origin } = await testInstance()
  const client = await oidc.registerClient({ clientName: 'cli', clientType: 'public', scopes: ['sso:account:access'] })
  const grant = await oidc.startDeviceAuthorization({ ...client, startUrl: `${origin}/start` })
  const poll = () => oidc.createToken({ ...client, grantType: deviceGrant, deviceCode: grant.deviceCode })
  await assert.rejects(poll(), (error) => isServiceException(error, 'authorization_pending'))

  const page = await browser().decide(grant.verificationUriComplete, people.alice)
  assert.match(page.html, /Approved/)

  const tokens = await poll()
  assert.equal(tokens.tokenType, 'Bearer')
  assert.equal(tokens.expiresIn, 3600)
  const { accessToken } = tokens
  const { accountList } = await portal.listAccounts({ accessToken })
  assert.deepEqual(
    accountList.map(({ accountId }) => accountId),
    ['111111111111', '222222222222'],
  )
  const { roleCredentials } = await portal.getRoleCredentials({
    accessToken,
    accountId: '111111111111',
    roleName: 'AdministratorAccess',
  })
  assert.match(roleCredentials.accessKeyId, /^ASIA/)
  await portal.logout({ accessToken })
  await assert.rejects(portal.listAccounts({ accessToken }), (error) =>
    isServiceException(error, 'UnauthorizedException'),
  )
})
