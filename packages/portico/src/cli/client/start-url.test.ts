import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isAlias, isAws, regionIn, wholeStartUrl } from './start-url.ts'

describe('a start URL', () => {
  const aws: [startUrl: string, region: string | undefined][] = [
    ['https://d-1234567890.awsapps.com/start', undefined],
    ['https://my-company.awsapps.com/start#/', undefined],
    ['https://d-1234567890.awsapps.cn/start', undefined],
    ['https://identitycenter.amazonaws.com/ssoins-0123456789abcdef', undefined],
    ['https://identitycenter.us-gov.amazonaws.com/ssoins-0123456789abcdef', undefined],
    ['https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com', 'eu-west-1'],
    ['https://ssoins-0123456789abcdef.us-gov-west-1.portal.amazonaws.com', 'us-gov-west-1'],
    ['https://ssoins-0123456789abcdef.cn-north-1.portal.amazonaws.com.cn', 'cn-north-1'],
    ['https://ssoins-0123456789abcdef.portal.us-east-1.app.aws', 'us-east-1'],
    ['https://ssoins-0123456789abcdef.portal.eusc-de-east-1.api.amazonwebservices.eu', 'eusc-de-east-1'],
  ]
  for (const [startUrl, region] of aws)
    test(`${startUrl} is AWS’s own${region === undefined ? '' : `, in ${region}`}`, () => {
      assert.equal(isAws(startUrl), true)
      assert.equal(regionIn(startUrl), region)
    })

  for (const startUrl of [
    'https://sso.example.com/start',
    'http://127.0.0.1:8000/start',
    'https://ssoins-0123456789abcdef.portico.invalid.awsapps.com/start',
    'https://awsapps.com.example.com/start',
    'https://example-awsapps.com/start',
    'https://other.amazonaws.com/start',
  ])
    test(`${startUrl} is not`, () => assert.equal(isAws(startUrl), false))

  test('that only stands for a Portico is told from its own', () => {
    assert.equal(isAlias('https://ssoins-0123456789abcdef.portico.invalid.awsapps.com/start'), true)
    assert.equal(isAlias('https://d-1234567890.awsapps.com/start'), false)
    assert.equal(isAlias('not a URL'), false)
  })

  test('of a Portico may be its origin alone, and AWS’s is left as it was typed', () => {
    assert.equal(wholeStartUrl('http://127.0.0.1:8000'), 'http://127.0.0.1:8000/start')
    const portal = 'https://ssoins-0123456789abcdef.portal.us-east-1.app.aws/'
    assert.equal(wholeStartUrl(portal), portal)
  })
})
