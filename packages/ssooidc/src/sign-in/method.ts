/** How a person can sign in from where they sit. */

/** `pkce`: a browser on this machine comes back to a listener. `device`: any browser anywhere, and a code to compare. */
export type SignInMethod = 'pkce' | 'device'

/** What is known about where the program runs. */
export type Place = {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isWsl: boolean
  readonly isContainer: boolean
}

/** A method and why, in the middle of a sentence. */
export type Choice = { readonly method: SignInMethod; readonly because: string }

/** Chooses by place. A browser that runs elsewhere cannot reach a listener here. */
export function chooseMethod({ platform, env, isWsl, isContainer }: Place): Choice {
  if (env.SSH_CONNECTION || env.SSH_CLIENT || env.SSH_TTY)
    return { method: 'device', because: 'this is an SSH session' }
  if (env.CODESPACES || env.CLOUD_SHELL) return { method: 'device', because: 'this machine is in the cloud' }
  if (isContainer) return { method: 'device', because: 'this is a container' }
  if (env.CI) return { method: 'device', because: 'this is a build' }
  const hasDisplay = env.DISPLAY || env.WAYLAND_DISPLAY || env.BROWSER || isWsl
  if (!hasDisplay && platform !== 'darwin' && platform !== 'win32')
    return { method: 'device', because: 'there is no display' }
  return { method: 'pkce', because: 'there is a browser here' }
}
