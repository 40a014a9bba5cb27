/** Opens an address in the person's browser: never through a shell, and only addresses that a sign-in can have. */
import { existsSync } from 'node:fs'
import { isLoopback } from '../client/endpoint.ts'
import type { Environment } from '../config/surroundings.ts'

/** A program and its arguments. */
export type BrowserCommand = readonly [program: string, ...args: string[]]

/** Where a browser would be opened. */
export type BrowserSetting = {
  /** Named by the person: a command, `%s` for the address. */
  readonly browser?: string | undefined
  readonly env: Environment
  readonly platform: string
  readonly isWsl: boolean
}

/** The ways to open a browser here, the best first. */
export function browserCommands({ browser, env, platform, isWsl }: BrowserSetting, url: string): BrowserCommand[] {
  const named = [browser, ...(env.BROWSER ?? '').split(platform === 'win32' ? ';' : ':')].flatMap((command) =>
    command ? [withUrl(command, url)] : [],
  )
  // Not `cmd /c start`: it would take what follows a `&` for another command.
  const rundll = ['url.dll,FileProtocolHandler', url]
  if (platform === 'darwin') return [...named, ['open', url]]
  if (platform === 'win32') return [...named, ['rundll32', ...rundll]]
  if (isWsl) return [...named, ['wslview', url], ['rundll32.exe', ...rundll]]
  return [...named, ['xdg-open', url]]
}

/**
 * Opens an address. False when no browser could be started.
 *
 * @throws TypeError for an address that is neither https nor on this machine
 */
export async function openBrowser(url: string, setting: Partial<BrowserSetting> = {}): Promise<boolean> {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname)))
    throw new TypeError(`not an address for a browser: ${protocol}//${hostname}`)
  const { env = process.env, platform = process.platform, isWsl = runsInWsl(env), browser } = setting
  for (const command of browserCommands({ browser, env, platform, isWsl }, url))
    if (await starts(command, env)) return true
  return false
}

/** Whether this is Linux inside Windows, where the browser is Windows' own. */
export function runsInWsl(env: Environment): boolean {
  return (
    process.platform === 'linux' &&
    (env.WSL_DISTRO_NAME !== undefined || existsSync('/proc/sys/fs/binfmt_misc/WSLInterop'))
  )
}

/** `firefox -P work %s` without a shell: words parted by blanks, quotes around those that hold some. */
function withUrl(command: string, url: string): BrowserCommand {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
  const [program = '', ...args] = words
  return args.some((word) => word.includes('%s'))
    ? [program, ...args.map((word) => word.replaceAll('%s', url))]
    : [program, ...args, url]
}

// A program that finds no browser says so soon; one that has become the browser never ends.
const PATIENCE = 1_500

function starts([program, ...args]: BrowserCommand, env: Environment): Promise<boolean> {
  const { spawn } = process.getBuiltinModule('node:child_process')
  return new Promise((resolve) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', env })
    const timer = setTimeout(() => resolve(true), PATIENCE)
    child.once('error', () => done(false))
    child.once('exit', (code) => done(code === 0))
    child.unref()
    const done = (started: boolean) => {
      clearTimeout(timer)
      resolve(started)
    }
  })
}
