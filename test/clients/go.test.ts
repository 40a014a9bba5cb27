/** The AWS SDK for Go v2, unmodified: the whole journey, its errors as the types that `errors.As` finds. */
import { test } from 'node:test'
import { startPortico } from '../support/portico.ts'
import { goJourney } from './installed.ts'
import { travel } from './journey.ts'

test('the AWS SDK for Go goes through the whole journey', async () => {
  await using portico = await startPortico()
  // The SDK makes its credential providers before it reads AWS_ENDPOINT_URL, so they see only the address of their own
  // service. The lines for ~/.aws/config that the server prints name each service for this reason.
  const env = { AWS_ENDPOINT_URL_SSO: portico.url, AWS_ENDPOINT_URL_SSO_OIDC: portico.url }
  await travel(portico, { client: 'AWS SDK for Go v2', program: goJourney, env })
})
