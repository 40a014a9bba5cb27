import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { awsConfig } from '../../../core/access/aws-config.ts'
import { firstFault } from './shared-files.ts'

describe('a shared file that the AWS CLI refuses is refused with its line, by what is wrong:', () => {
  for (const [what, text, fault] of [
    [
      'a section that comes twice',
      '[profile a]\nx = 1\n[profile a]\n',
      'line 3 begins [profile a] again, which line 1 has begun',
    ],
    [
      'a key that comes twice',
      '[profile a]\nregion = 1\n\nRegion: 2\n',
      'line 4 says Region again, which line 2 has said',
    ],
    ['words before any section', '# a comment\nhello\n[profile a]\n', 'line 2 stands before the first [section]'],
    ['a key before any section', 'region = x\n', 'line 1 stands before the first [section]'],
    ['a torn heading', '[profile a]\nx = 1\n[profile b\n', 'line 3 is neither a [section] nor a key = value'],
    ['a key without a value', '[profile a]\nregion\n', 'line 2 is neither a [section] nor a key = value'],
    ['a value without a key', '[profile a]\n= x\n', 'line 2 is neither a [section] nor a key = value'],
    ['an empty heading', '[profile a]\n[]\n', 'line 2 is neither a [section] nor a key = value'],
  ] as const)
    test(what, () => assert.equal(firstFault(text), fault))
})

describe('a shared file that the AWS CLI reads is found sound:', () => {
  for (const [what, text] of [
    ['an empty one', ''],
    [
      'keys below a key, the same twice among them',
      '[services a]\nsso =\n  endpoint_url = x\nsts =\n  endpoint_url = x\n  endpoint_url = y\n  word\n',
    ],
    ['the same key in two sections', '[profile a]\nregion = 1\n[profile b]\nregion = 1\n'],
    ['a comment after a heading', '[profile a] ; mine\n  # indented\nregion = x # not a comment\n'],
    ['an indented section', '  [profile a]\n  region = x\r\n  output = json\r\n'],
    [
      'what Portico prints',
      awsConfig({
        url: 'http://127.0.0.1:8000',
        startUrlAlias: 'https://a',
        region: 'r',
        accountId: '1',
        roleName: 'b',
        profile: 'c',
      }),
    ],
  ] as const)
    test(what, () => assert.equal(firstFault(text), undefined))
})
