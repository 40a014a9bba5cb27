/** boto3, unmodified, exchanges an external issuer's token for ours. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { AUDIENCE } from '../support/application.ts'
import { startExternalIssuer } from '../support/external-issuer.ts'
import { startPortico } from '../support/portico.ts'
import { serveApplication } from '../support/served-application.ts'
import { pythonWithBoto3 } from './installed.ts'

test('boto3 exchanges another issuer’s token for ours, and the id token verifies by our key set', async () => {
  await using issuer = await startExternalIssuer()
  await using portico = await startPortico()
  const program = await serveApplication(portico, issuer.issuerUrl)
  const assertion = await issuer.issue(AUDIENCE, 'alice@example.com')
  const tokens = await ask({ endpoint: portico.url, assertion, ...program })
  assert.equal(tokens.tokenType, 'Bearer')
  assert.ok(tokens.awsAdditionalDetails.identityContext)
  const keySet = createRemoteJWKSet(new URL(`${portico.url}/.well-known/jwks.json`))
  const { payload } = await jwtVerify(tokens.idToken, keySet, { issuer: portico.url, audience: program.clientId })
  assert.equal(payload['sts:identity_context'], tokens.awsAdditionalDetails.identityContext)
})

type Tokens = { tokenType: string; idToken: string; awsAdditionalDetails: { identityContext: string } }

function ask(asked: object): Promise<Tokens> {
  return new Promise((done, failed) => {
    const script = join(import.meta.dirname, 'boto3-create-token-with-iam.py')
    const child = execFile(pythonWithBoto3, [script], (error, stdout) => {
      if (error) failed(error)
      else done(JSON.parse(stdout))
    })
    child.stdin?.end(JSON.stringify(asked))
  })
}
