/** The client where nothing is installed beside it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

describe('where the packages of AWS are not installed', () => {
  // A copy of the package that stands alone, so that nothing else is found above it.
  const folder = mkdtempSync(join(tmpdir(), 'ssooidc-alone-'))
  const packageFolder = join(import.meta.dirname, '../../packages/ssooidc')
  mkdirSync(join(folder, 'package'))
  cpSync(join(packageFolder, 'src'), join(folder, 'package/src'), { recursive: true })
  cpSync(join(packageFolder, 'package.json'), join(folder, 'package/package.json'))
  after(() => rmSync(folder, { recursive: true }))

  for (const [missing, credentials] of [
    ['@smithy/signature-v4', `credentials: { accessKeyId: 'a', secretAccessKey: 'b' }`],
    ['@aws-sdk/credential-providers', ''],
  ] as const)
    it(`a signed call says that ${missing} is to be installed`, () => {
      const program = `
        const { ssooidc } = await import(${JSON.stringify(join(folder, 'package/src/client/index.ts'))})
        const { createTokenWithIAM } = ssooidc({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1', ${credentials} })
        await createTokenWithIAM({ clientId: 'a', grantType: 'refresh_token', refreshToken: 'r' }).catch(({ name, message }) => console.log(name, message))
      `
      const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
        encoding: 'utf8',
        cwd: folder,
      })
      assert.equal(
        printed,
        `ConfigError CreateTokenWithIAM is signed, which needs ${missing}; install it: npm install ${missing}\n`,
      )
    })
})
