/** How much of the client a page must load, for each thing that it may want, and what that buys. */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = new URL('../..', import.meta.url).pathname

/** What a page may want: the program, and the most kilobytes that it is meant to load for it. */
const programs: Readonly<Record<string, readonly [limit: number, program: string]>> = {
  'one operation': [4, `export { connections, createToken } from 'ssooidc/operations'`],
  'all operations': [7, `export { ssooidc } from 'ssooidc'`],
  'a sign-in by device code': [
    9,
    `
      export { connections, createToken, registerClient, startDeviceAuthorization } from 'ssooidc/operations'
      export { pollForToken } from 'ssooidc/sign-in/device'
    `,
  ],
  'ssooidc/oauth2': [9, `export { oauth2 } from 'ssooidc/oauth2'`],
}

/** A bundle, in kilobytes, gzipped, minified, for browsers: the whole, what it is meant to be, and how much each part takes. */
export type Bundle = { readonly size: number; readonly limit: number; readonly parts: Readonly<Record<string, number>> }

/** Every bundle, by what a page wants. */
export async function measureBundles(): Promise<Record<string, Bundle>> {
  const found: Record<string, Bundle> = {}
  for (const [name, [limit, program]] of Object.entries(programs)) found[name] = { limit, ...(await bundle(program)) }
  return found
}

/**
 * Compression works across modules, so that each has the share of the whole that it has before it.
 *
 * @throws Error for a module of which nothing says what it is for
 */
async function bundle(program: string): Promise<Omit<Bundle, 'limit'>> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  })
  const bytes = outputFiles[0]?.contents ?? new Uint8Array()
  const size = gzipSync(bytes, { level: 9 }).length / 1_000
  const lengths: Record<string, number> = {}
  const modules = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
  for (const [module, { bytesInOutput }] of modules)
    if (bytesInOutput > 0) lengths[partOf(module)] = (lengths[partOf(module)] ?? 0) + bytesInOutput
  const all = Object.values(lengths).reduce((sum, length) => sum + length, 0)
  const parts = Object.entries(lengths).map(([part, length]) => [part, Number(((size * length) / all).toFixed(2))])
  return { size: Number(size.toFixed(2)), parts: Object.fromEntries(parts) }
}

/** What a module is for. */
const purposes: readonly (readonly [module: RegExp, part: string])[] = [
  [
    /client\/endpoint\.ts$/,
    'where the service is: in every Region of every partition, or at one’s own endpoint; never in the clear',
  ],
  [
    /protocol\/(?:rest-json|read|shape|operation|json)\b/,
    'the wire, and the checks of what is sent and what comes back',
  ],
  [/(?:protocol\/error|client\/errors|config\/errors)\.ts$/, 'errors by name, with their words'],
  [/client\/(?:call|attempt|retry)\.ts$/, 'attempts: times, signals, retries and their budget, reports'],
  [/client\/(?:transport|platform)\//, '`fetch`: no redirect is followed, no answer read without end'],
  [/(?:client\/(?:connection|version)|config\/(?:defaults|given))\.ts$/, 'options, headers and defaults'],
  [/protocol\/redact\.ts$/, 'secrets taken out of reports'],
  [
    /client\/(?:options|credentials|client)\.ts$|config\/nearest\.ts$/,
    'the checks of options, and what a misspelt one was meant to be',
  ],
  [/client\/signing\.ts$/, 'signing, with a clock that is set right'],
  [/protocol\/(?:sso-oidc|oauth2)\/|client\/(?:oidc-operations|grants|oauth2\/.*)\.ts$/, 'the operations asked for'],
  [/sign-in\//, 'polling, as RFC 8628 has it'],
]

function partOf(module: string): string {
  const found = purposes.find(([pattern]) => pattern.test(module))
  if (found === undefined) throw new Error(`nothing says what ${module} is for`)
  return found[1]
}
