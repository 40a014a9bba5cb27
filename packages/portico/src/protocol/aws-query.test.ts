import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { isServiceException, operation, shapes, type WireRequest } from 'ssooidc/protocol'

import { decodeRequest, encodeError, encodeOutput } from './aws-query.ts'
import { getCallerIdentity, sts } from './sts.ts'
import { InternalFailure, InvalidAction, SignatureDoesNotMatch, Throttling, ValidationError } from './sts-errors.ts'

const requestId = '5a2b6f0e-0000-4000-8000-000000000000'

suite('a form', () => {
  test('names its action and version, and is the input of that operation', () => {
    assert.deepEqual(decode('Action=GetCallerIdentity&Version=2011-06-15'), {})
    assert.deepEqual(decode('Version=2011%2D06%2D15&Action=%47etCallerIdentity&Unheard=of'), {})
  })

  test('that names another action or version, or none, meets InvalidAction', () => {
    for (const body of [
      '',
      'Action=GetCallerIdentity',
      'Version=2011-06-15',
      'Action=AssumeRole&Version=2011-06-15',
      'Action=getcalleridentity&Version=2011-06-15',
      'Action=GetCallerIdentity&Version=2012-10-17',
    ]) {
      assert.throws(() => decode(body), InvalidAction, body)
    }
  })

  test('never makes the answer repeat what it says', () => {
    assert.throws(
      () => decode('Action=%3Cscript%3E&Version=1'),
      (error) => isServiceException(error, 'InvalidAction') && !error.message.includes('script'),
    )
  })

  test('that two readers could read differently is refused', () => {
    for (const body of [
      'Action=GetCallerIdentity&Action=AssumeRole&Version=2011-06-15',
      'Action=GetCallerIdentity&Version=2011-06-15&%41ction=AssumeRole',
      'Action=GetCallerIdentity&Version=2011-06-15&Name=%',
      'Action=GetCallerIdentity&Version=2011-06-15&Name=%c3',
      Buffer.from([0x41, 0x3d, 0xff]),
    ]) {
      assert.throws(() => decode(body), ValidationError)
    }
  })

  test('carries text and numbers, a plus sign for a space', () => {
    const greet = operation({
      name: 'Greet',
      method: 'POST',
      path: '/',
      authentication: 'none',
      input: {
        Name: shapes.bounded({ max: 10 }, shapes.string()),
        Times: shapes.optional(shapes.bounded({ min: 1 }, shapes.integer())),
        Loud: shapes.optional(shapes.boolean()),
      },
      output: {},
      errors: [],
    })
    const greeting = (parameters: string) =>
      decodeRequest(sts, greet, wireRequest(`Action=Greet&Version=2011-06-15&${parameters}`))
    assert.deepEqual(greeting('Name=J%C3%BCrg+%2B&Times=2&Loud=true'), { Name: 'Jürg +', Times: 2, Loud: true })
    assert.deepEqual(greeting('Name='), { Name: '' })
    for (const wrong of ['', 'Name=ElevenChars', 'Name=a&Times=two', 'Name=a&Times=0', 'Name=a&Loud=yes']) {
      assert.throws(() => greeting(wrong), ValidationError, wrong)
    }
  })
})

suite('an answer', () => {
  test('is the XML that every SDK knows', () => {
    const output = { Arn: 'arn:aws:sts::1:assumed-role/a/b', UserId: 'AROA:b', Account: '1' }
    assert.deepEqual(encodeOutput(sts, getCallerIdentity, output, requestId), {
      status: 200,
      headers: { 'Content-Type': 'text/xml' },
      body:
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        '<Arn>arn:aws:sts::1:assumed-role/a/b</Arn><UserId>AROA:b</UserId><Account>1</Account>' +
        `</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
        '</GetCallerIdentityResponse>',
    })
  })

  test('that says no has a code, whose fault it is, and a message', () => {
    assert.deepEqual(encodeError(sts, new SignatureDoesNotMatch('Signed otherwise.'), requestId), {
      status: 403,
      headers: { 'Content-Type': 'text/xml', 'x-amzn-ErrorType': 'SignatureDoesNotMatch' },
      body:
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
        '<Code>SignatureDoesNotMatch</Code><Message>Signed otherwise.</Message></Error>' +
        `<RequestId>${requestId}</RequestId></ErrorResponse>`,
    })
    assert.match(encodeError(sts, new InternalFailure('Oh.'), requestId).body, /<Type>Receiver<\/Type>/)
  })

  test('that says later says when', () => {
    assert.equal(encodeError(sts, new Throttling('Wait.', { retryAfter: 3 }), requestId).headers['Retry-After'], '3')
  })

  test('holds any text without becoming other XML', () => {
    const { body } = encodeError(
      sts,
      new ValidationError(`</Message>&<a b="c" d='e'>\0\r\n\u{1f600}\ud800\uffff`),
      requestId,
    )
    assert.match(
      body,
      /<Message>&#60;\/Message&#62;&#38;&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;\ufffd&#13;\n\u{1f600}\ufffd\ufffd<\/Message>/u,
    )
  })
})

function decode(body: string | Uint8Array) {
  return decodeRequest(sts, getCallerIdentity, wireRequest(body))
}

function wireRequest(body: string | Uint8Array): WireRequest {
  return { method: 'POST', query: '', header: () => undefined, body: Buffer.from(body) }
}
