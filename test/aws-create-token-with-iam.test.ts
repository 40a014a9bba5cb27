/** The AWS SDK for JavaScript, unmodified, exchanges an external issuer's token for ours. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateTokenWithIAMCommand, SSOOIDCClient } from '@aws-sdk/client-sso-oidc'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { AUDIENCE } from './support/application.ts'
import { startExternalIssuer } from './support/external-issuer.ts'
import { startPortico } from './support/portico.ts'
import { serveApplication } from './support/served-application.ts'

test('the AWS SDK exchanges another issuer’s token, and the id token verifies by discovery and our key set', async () => {
  await using issuer = await startExternalIssuer()
  await using portico = await startPortico()
  const { clientId, ...credentials } = await serveApplication(portico, issuer.issuerUrl)
  const client = new SSOOIDCClient({ endpoint: portico.url, region: portico.region, credentials, maxAttempts: 1 })
  const assertion = await issuer.issue(AUDIENCE, 'alice@example.com')
  const asked = new CreateTokenWithIAMCommand({ clientId, grantType: GRANT_TYPES.jwtBearer, assertion })
  const tokens = await client.send(asked)
  assert.equal(tokens.tokenType, 'Bearer')
  assert.ok(tokens.awsAdditionalDetails?.identityContext)

  const discovered = await fetch(`${portico.url}/.well-known/openid-configuration`)
  const { issuer: ours, jwks_uri: keys }: { issuer: string; jwks_uri: string } = JSON.parse(await discovered.text())
  const { payload } = await jwtVerify(tokens.idToken ?? '', createRemoteJWKSet(new URL(keys)), {
    issuer: ours,
    audience: clientId,
  })
  assert.equal(payload['sts:identity_context'], tokens.awsAdditionalDetails.identityContext)

  await assert.rejects(client.send(asked), { name: 'InvalidGrantException' })
  const refreshed = await client.send(
    new CreateTokenWithIAMCommand({ clientId, grantType: GRANT_TYPES.refreshToken, refreshToken: tokens.refreshToken }),
  )
  assert.ok(refreshed.accessToken)
  client.destroy()
})
