/**
 * What real clients of AWS saw here, each as published: drawn from the data that `npm run test:clients:all` keeps beside its
 * tests. A cell is empty for a reason, and the page is not drawn without it.
 */
import { globSync, readFileSync } from 'node:fs'
import type { Result } from '../../test/clients/results.ts'
import { code, DRAWN, page, table } from './markdown.ts'

/** Why a client did not do something. The first that fits counts. */
const reasons: readonly { client: RegExp; fits: (step: Result) => boolean; reason: string }[] = [
  {
    client: /^AWS CLI (?:1 of 2022|2 of Debian 12)$/,
    fits: ({ grant, when }) => grant === 'authorization_code' || when === 'for the browser flow',
    reason:
      'It is older than PKCE on this wire: its CreateToken has no code verifier, its RegisterClient no redirect URIs.',
  },
  {
    client: /^AWS CLI /,
    fits: ({ operation, when }) => operation === 'GetCallerIdentity' && when.includes('signed out'),
    reason: 'It says so in a sentence of its own, without the name of the error; the test holds the sentence.',
  },
]

/** Clients that are tested in another way, and by what. */
const elsewhere: readonly (readonly [client: string, test: string, why: string])[] = [
  [
    '`aws sso login`, `logout` and `aws configure sso` of AWS CLI 2',
    'aws-cli',
    'they call the operations by themselves',
  ],
  ['AWS CLI 2 with an https start URL of one’s own', 'own-start-url', 'the same, through the gate for start URLs'],
  ['boto3 with a session that the AWS CLI made', 'boto3', 'makes no session of its own'],
  ['`ssooidc` on Node.js, Bun and Deno', 'ssooidc-runtimes', 'our own client'],
]

/** What a client must be told beside the address, and the test that tells it. */
const needs: readonly (readonly [client: string, need: string, test: string])[] = [
  [
    'AWS CLI before 2.13, and 1 before 1.29',
    'It reads no endpoint from the environment or the profile: `--endpoint-url`, or a rule set in `~/.aws/models`',
    'aws-home.ts',
  ],
  [
    'AWS CLI 1',
    '`cli_follow_urlparam = false`, or it sends what it finds at the start URL in its place',
    'aws-cli-operations.test.ts',
  ],
  [
    'AWS SDK for Go v2',
    'The endpoints of `sso` and `sso_oidc` by name, in a `services` section or as `AWS_ENDPOINT_URL_SSO` and `AWS_ENDPOINT_URL_SSO_OIDC`: its credential providers do not see `AWS_ENDPOINT_URL`',
    'go.test.ts',
  ],
]

/** The page of clients, their versions, and what each saw. */
export function conformancePage(): string {
  const clients = globSync('test/clients/results/*.json')
    .sort()
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Result[])
  // Whoever made the whole journey gives the order.
  const steps = distinct([...clients].sort((a, b) => b.length - a.length).flat())
  const notes: string[] = []
  const cell = (results: readonly Result[], step: Result): string => {
    const result = results.find((each) => keyOf(each) === keyOf(step))
    if (result !== undefined) return result.outcome === step.outcome ? '✔' : code(result.outcome)
    const client = results[0]?.client ?? ''
    const found = reasons.find((each) => each.client.test(client) && each.fits(step))
    if (found === undefined)
      throw new Error(`${client} has no result for “${keyOf(step)}”, and no reason for having none`)
    if (!notes.includes(found.reason)) notes.push(found.reason)
    return `no (${notes.indexOf(found.reason) + 1})`
  }
  const rows = steps.map((step) => [
    step.grant === null ? step.operation : `${step.operation}, ${code(shortGrant(step.grant))}`,
    step.when,
    step.outcome === 'ok' ? 'ok' : code(step.outcome),
    ...clients.map((results) => cell(results, step)),
  ])
  return page(
    DRAWN,
    '# Conformance',
    'What AWS’s own clients, as they are published, see of a server of ours. Each makes the same journey; a tick says that it met what the row says, an error by the class that its language has for it. `npm run test:clients:all` makes them all and keeps what they saw; this page is drawn from that. Which versions make it is [written down](../../test/clients/versions.ts), and changes when somebody changes it here: a newer one may have come since.',
    table(['Operation', 'When', 'Outcome', ...clients.map(([first]) => `${first?.client} ${first?.version}`)], rows),
    notes.map((note, index) => `${index + 1}. ${note}`).join('\n'),
    '## What some must be told',
    table(
      ['Client', 'What', 'Where the tests do so'],
      needs.map(([client, need, test]) => [client, need, `[${test}](../../test/clients/${test})`]),
    ),
    '## Clients that go another way',
    table(
      ['Client', 'Test', 'Why it is not in the table'],
      [
        ...elsewhere.map(([client, test, why]) => [client, `[${test}](../../test/clients/${test}.test.ts)`, why]),
        [
          'AWS SDK for JavaScript v3',
          '[aws-sdk](../../test/aws-sdk.test.ts), [contract](../../test/contract.test.ts)',
          'in every run of `npm test`, where it is the oracle of the contract as well',
        ],
        [
          'openid-client, oauth4webapi',
          '[standard-endpoints](../../test/standard-endpoints.test.ts)',
          'they speak the standard, and not the AWS wire',
        ],
        [
          'express-openid-connect, Authlib',
          '[relying-party](../../test/clients/relying-party.test.ts)',
          'a web application’s whole sign-in and sign-out by OpenID Connect',
        ],
        [
          'oauth4webapi beside the AWS CLI',
          '[two-wires](../../test/clients/two-wires.test.ts)',
          'what the one begins the other lists, asks about and ends',
        ],
      ],
    ),
    'CreateTokenWithIAM is no part of the journey: none of these clients calls it on the way of a person’s sign-in.',
    '## Servers',
    '[`portico conformance URL`](command-line.md#portico-conformance) asks the same of a server from the outside: of ours directly and behind nginx and HAProxy in our tests, of anybody’s when you call it.',
  )
}

const keyOf = ({ operation, grant, when }: Result): string => [operation, grant ?? '', when].join(' ')

/** Every situation once, in the order in which clients meet them, with the outcome that the first of them met. */
function distinct(results: readonly Result[]): Result[] {
  const found = new Map<string, Result>()
  for (const result of results) if (!found.has(keyOf(result))) found.set(keyOf(result), result)
  return [...found.values()]
}

const shortGrant = (grant: string): string => grant.split(':').at(-1) ?? grant
