/** The AWS SDK for Rust, unmodified: the whole journey, its errors as the variants that programs match. */
import { test } from 'node:test'
import { startPortico } from '../../support/portico.ts'
import { rustJourney } from '../installed.ts'
import { travel } from '../journey.ts'

test('the AWS SDK for Rust goes through the whole journey', async () => {
  await using portico = await startPortico()
  await travel(portico, { client: 'AWS SDK for Rust', program: rustJourney })
})
