import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { defaultSkew } from './clock.ts'
import { verifySigV4 } from './verify.ts'

/** The example credentials of AWS's documentation. */
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

type KnownAnswer = {
  scope: string
  signature: string
  method?: string
  target?: string
  headers: Record<string, string>
  body?: string
}

const knownAnswers: Record<string, KnownAnswer> = {
  'the ListUsers example of the IAM user guide': {
    scope: 'AKIDEXAMPLE/20150830/us-east-1/iam',
    signature: '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    target: '/?Action=ListUsers&Version=2010-05-08',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8', Host: 'iam.amazonaws.com' },
  },
  'a bare GET': {
    scope: 'AKIDEXAMPLE/20150830/us-east-1/service',
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    headers: { Host: 'example.amazonaws.com' },
  },
  'a bare POST': {
    scope: 'AKIDEXAMPLE/20150830/us-east-1/service',
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    method: 'POST',
    headers: { Host: 'example.amazonaws.com' },
  },
  'a query that is not in order': {
    scope: 'AKIDEXAMPLE/20150830/us-east-1/service',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    target: '/?Param2=value2&Param1=value1',
    headers: { Host: 'example.amazonaws.com' },
  },
  'header values with space to trim': {
    scope: 'AKIDEXAMPLE/20150830/us-east-1/service',
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    headers: { Host: 'example.amazonaws.com', 'My-Header1': ' value1', 'My-Header2': ' "a   b   c"' },
  },
  'a form': {
    scope: 'AKIDEXAMPLE/20150830/us-east-1/service',
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Host: 'example.amazonaws.com' },
    body: 'Param1=value1',
  },
  // Recorded from botocore 1.43.11 and from the botocore inside AWS CLI 2.9.19, which agree.
  'GetCallerIdentity as the AWS CLI sends it': {
    scope: 'ASIAEXAMPLEEXAMPLE22/20150830/us-east-1/sts',
    signature: 'a04f5f38bb1d29279411f91b850b0f1a2fe924fc289ba76642a05675c243a3ab',
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
      Host: 'sts.us-east-1.amazonaws.com',
      'X-Amz-Security-Token': 'ptc_st_example',
    },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  },
}

suite('signatures that others made', () => {
  for (const [name, known] of Object.entries(knownAnswers)) {
    test(`verify: ${name}`, () => {
      const headers = Object.entries({ ...known.headers, 'X-Amz-Date': '20150830T123600Z' })
      const signedHeaders = headers.map(([header]) => header.toLowerCase()).sort()
      const authorization = `AWS4-HMAC-SHA256 Credential=${known.scope}/aws4_request, SignedHeaders=${signedHeaders.join(';')}, Signature=${known.signature}`
      const verified = verifySigV4(
        {
          method: known.method ?? 'GET',
          target: known.target ?? '/',
          headers: [...headers, ['Authorization', authorization]],
          body: Buffer.from(known.body ?? ''),
          peerAddress: '127.0.0.1',
        },
        {
          services: ['iam', 'service', 'sts'],
          regions: ['us-east-1'],
          now: Date.UTC(2015, 7, 30, 12, 36),
          skew: defaultSkew,
          lookup: (accessKeyId) => ({ secretAccessKey, principal: accessKeyId }),
        },
      )
      assert.equal(verified.principal, known.scope.split('/')[0])
    })
  }
})
