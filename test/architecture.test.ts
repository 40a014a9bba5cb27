/**
 * The house rules that a reader relies on, held by reading the source: who may import whom, that `core` has no clock and no
 * dice of its own, and that the wire is spelled in `protocol` only. Each rule is tested against planted violations as well,
 * so that a rule that stopped looking would be noticed.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errorsOf, type Service, ssoOidc, ssoPortal } from 'ssooidc/protocol'
import { oauth2 } from '../packages/portico/src/protocol/oauth2.ts'
import { parseSource, readSources, type SourceFile } from './support/source.ts'

/**
 * What each folder may import beside its own files: areas, or single files; `node:` for all of Node's modules or for one;
 * `npm:` for all packages or for one. A folder that is not listed may not exist.
 */
const arrows: Record<string, readonly string[]> = {
  'ssooidc/protocol': [],
  'ssooidc/client': ['ssooidc/protocol', 'ssooidc/config', 'npm:'],
  'ssooidc/config': ['ssooidc/protocol', 'node:'],
  'ssooidc/sign-in': ['ssooidc/protocol', 'ssooidc/client', 'ssooidc/config', 'node:'],
  'ssooidc/paws': ['ssooidc/protocol', 'ssooidc/client', 'ssooidc/config', 'ssooidc/sign-in'],
  'portico/protocol': ['ssooidc/protocol'],
  'portico/core': [
    'ssooidc/protocol',
    'portico/protocol',
    'portico/storage/storage.ts',
    'portico/credentials/credentials.ts',
    // What computes and reaches nothing: ciphers, checksums, address arithmetic, the number of cores.
    'node:crypto',
    'node:zlib',
    'node:net',
    'node:os',
    'node:util',
    'npm:valibot',
    'npm:yaml',
    'npm:@node-rs/argon2',
    'npm:@simplewebauthn/server',
    'npm:otpauth',
    'npm:jose',
  ],
  'portico/storage': ['node:', 'npm:kysely', 'npm:pg'],
  'portico/credentials': [
    'ssooidc/protocol',
    'portico/protocol',
    'portico/core/keys/random.ts',
    'portico/core/keys/sealing.ts',
    'portico/core/access/session-token.ts',
    'node:',
    'npm:',
  ],
  'portico/mail': ['portico/core/people/mail.ts', 'node:', 'npm:nodemailer'],
  'portico/server': [
    'ssooidc/protocol',
    'portico/protocol',
    'portico/core',
    'portico/storage/storage.ts',
    'portico/credentials/credentials.ts',
    'node:',
    'npm:',
  ],
  'portico/cli': ['ssooidc/', 'portico/', 'node:', 'npm:'],
}

/** Client and sign-in run in browsers and workers; only files whose names say `node` may name Node's modules. */
const nodeOnlyFiles = /\/(?:client|sign-in)\/(?:.*\/)?node[^/]*\.ts$/
const runAnywhere = ['ssooidc/client', 'ssooidc/sign-in']

/** A person who signs in starts no server: what the client commands load is theirs, the contract, and rules. */
const clientCommands = 'packages/portico/src/cli/client/'
const serverSide = /^area:portico\/(?:server|storage|credentials)\//

function forbiddenImports({ path, area, imports }: SourceFile): string[] {
  const allowed = arrows[area]
  if (allowed === undefined) return [`${path}: the folder ${area} is not in the table of arrows`]
  return imports
    .filter((specifier) => {
      if (specifier.startsWith('node:') && runAnywhere.includes(area)) return !nodeOnlyFiles.test(path)
      if (path.startsWith(clientCommands) && serverSide.test(specifier)) return true
      if (!specifier.startsWith('area:')) {
        return !allowed.includes(specifier) && !allowed.some((rule) => rule.endsWith(':') && specifier.startsWith(rule))
      }
      const target = specifier.slice('area:'.length)
      return ![area, ...allowed].some((rule) => target === rule || target.startsWith(rule.replace(/\/?$/, '/')))
    })
    .map((specifier) => `${path} imports ${specifier.replace('area:', '')}`)
}

/** A use case is given its moment, its dice and its settings; otherwise no test could set them. */
function impurities({ path, area, code }: SourceFile): string[] {
  if (area !== 'portico/core') return []
  const calls =
    /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(|\bprocess\.|\bsetTimeout\(|\bfetch\(/g
  return [...code.matchAll(calls)].map(([call]) => `${path} uses ${call}`)
}

const services: readonly Service[] = [ssoOidc, ssoPortal, oauth2]
const operations = services.flatMap((service) => Object.values(service.operations).map((of) => ({ service, of })))
const errorSpecs = operations.flatMap(({ service, of }) => errorsOf(service, of).map((error) => error.spec))
const wireWords = new Set([
  ...operations.map(({ of }) => of.path),
  ...errorSpecs.flatMap(({ name, error }) => (error === undefined ? [name] : [name, error])),
])

const wireStatuses = new Set(errorSpecs.map(({ status }) => status))

/** A word of the wire that is written twice will one day be written differently. */
function spelledOutside({ path, area, code }: SourceFile): string[] {
  if (area.endsWith('/protocol')) return []
  const quoted = [...code.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`\n]*)`/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
  const words = quoted.filter((word) => wireWords.has(word)).map((word) => `${path} spells '${word}'`)
  const statuses = [...code.matchAll(/(?:\bstatus\b\W{1,5}|[,(] ?)([45]\d\d)\b(?!_)/g)]
    .filter(([, status]) => wireStatuses.has(Number(status)))
    .map(([, status]) => `${path} spells ${status}`)
  // A page's status is said to a person's browser; no program's contract knows it.
  const isWire = area === 'portico/core' || (area === 'portico/server' && !path.includes('/pages/'))
  return isWire ? [...words, ...statuses] : words
}

const sources = readSources()

describe('the arrows between folders', () => {
  test('each folder imports only what the table allows', () => {
    assert.deepEqual(sources.flatMap(forbiddenImports), [])
  })

  const planted: [path: string, line: string][] = [
    ['packages/ssooidc/src/protocol/planted.ts', "import { readFile } from 'node:fs'"],
    ['packages/ssooidc/src/protocol/planted.ts', "import { ssooidc } from '../client/index.ts'"],
    ['packages/ssooidc/src/client/planted.ts', "import { request } from 'node:http'"],
    ['packages/ssooidc/src/client/planted.ts', "const http = await import('node:http')"],
    ['packages/ssooidc/src/sign-in/planted.ts', "import { spawn } from 'node:child_process'"],
    ['packages/portico/src/cli/client/planted.ts', "import { createApp } from '../../server/app.ts'"],
    ['packages/portico/src/cli/client/planted.ts', "import type { Storage } from '../../storage/storage.ts'"],
    ['packages/portico/src/core/planted.ts', "import { openSqlite } from '../storage/sqlite/sqlite.ts'"],
    ['packages/portico/src/core/planted.ts', "import { ssooidc } from 'ssooidc'"],
    ['packages/portico/src/core/planted.ts', "import { Hono } from 'hono'"],
    ['packages/portico/src/core/planted.ts', "import { createApp } from '../server/app.ts'"],
    ['packages/portico/src/server/planted.ts', "export { main } from '../cli/main.ts'"],
    ['packages/portico/src/storage/planted.ts', "import {\n  Hono,\n} from 'hono'"],
    ['packages/portico/src/unheard-of/planted.ts', ''],
  ]
  for (const [path, line] of planted) {
    test(`it would notice \`${line.replaceAll('\n', ' ')}\` in ${path}`, () => {
      assert.equal(forbiddenImports(parseSource(path, line)).length, 1)
    })
  }

  test('it is not taken in by words in comments', () => {
    const text = "/**\n * import { a } from 'node:fs'\n */\n// export { b } from 'hono'\nexport const c = 1\n"
    assert.deepEqual(forbiddenImports(parseSource('packages/ssooidc/src/protocol/planted.ts', text)), [])
  })
})

describe('core', () => {
  test('takes time, randomness and settings from its parameters', () => {
    assert.deepEqual(sources.flatMap(impurities), [])
  })

  for (const call of ['Date.now()', 'new Date()', 'Math.random()', 'process.env.HOME', "fetch('http://localhost')"]) {
    test(`it would notice ${call}`, () => {
      assert.equal(impurities(parseSource('packages/portico/src/core/planted.ts', `const a = ${call}`)).length, 1)
    })
  }
})

describe('the wire', () => {
  test('paths, statuses and error codes are spelled in protocol and nowhere else', () => {
    assert.deepEqual(sources.flatMap(spelledOutside), [])
  })

  test('the code for "not yet" is written once in all the source', () => {
    const files = sources.filter(({ code }) => code.includes("'authorization_pending'"))
    assert.equal(files.length, 1, files.map(({ path }) => path).join(', '))
  })

  for (const line of [
    "'/client/register'",
    "'slow_down'",
    '"UnauthorizedException"',
    'c.json(body, 400)',
    'status: 503',
  ]) {
    test(`it would notice ${line}`, () => {
      assert.equal(spelledOutside(parseSource('packages/portico/src/server/planted.ts', `f(${line})`)).length, 1)
    })
  }
})
