/**
 * The start URL names the instance. Clients give it as people pasted it, so the forms that mean the same page are the same.
 */
import type { Instance } from '../../storage/storage.ts'
import type { Settings } from '../deps.ts'

/** The portal's own address. */
export function startUrl(settings: Settings): string {
  return `${settings.origin}/start`
}

/**
 * An alias on a host that recent AWS CLIs insist on. They never contact it; its nested labels are such that AWS can issue no
 * such name.
 */
export function startUrlAlias(instance: Instance): string {
  return `https://${instance.instanceId}.portico.invalid.awsapps.com/start`
}

/** Whether a client that says this start URL means this instance. */
export function namesThisInstance(url: string, settings: Settings, instance: Instance): boolean {
  const wanted = canonical(url)
  return [startUrl(settings), startUrlAlias(instance), ...settings.startUrlAliases].some(
    (known) => canonical(known) === wanted,
  )
}

// `…/start`, `…/start/`, `…/start#`, `…/start/#/?tab=accounts` are all in public configurations.
function canonical(url: string): string {
  const page = url.trim().split('#', 1)[0] ?? ''
  const parsed = URL.parse(page)
  if (parsed === null) return page
  // Tried at the first slash of a run only: at each, a long one would take its square in time.
  return `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/(?<!\/)\/+$/, '')}`
}
