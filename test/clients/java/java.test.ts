/** The AWS SDK for Java 2.x, unmodified: the whole journey, its errors as the classes that programs catch. */
import { test } from 'node:test'
import { startPortico } from '../../support/portico.ts'
import { javaJourney } from '../installed.ts'
import { travel } from '../journey.ts'

test('the AWS SDK for Java goes through the whole journey', async () => {
  await using portico = await startPortico()
  await travel(portico, { client: 'AWS SDK for Java 2.x', program: javaJourney })
})
