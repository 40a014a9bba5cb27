/** Opens an address as the person wishes: not at all, in their own way, or in the browser of this machine. */
import { chooseMethod } from './method.ts'
import type { SignInOptions } from './options.ts'

/** Whether it could be opened. `onlyNearby`: open no browser that the person may not see, for one that shows a code. */
export async function opens(
  url: string,
  { openBrowser }: Pick<SignInOptions, 'openBrowser'>,
  onlyNearby: boolean,
): Promise<boolean> {
  if (openBrowser === false) return false
  if (openBrowser !== undefined) return openBrowser(url)
  if (onlyNearby && chooseMethod((await import('./node-place.ts')).thisPlace()).method === 'device') return false
  const { openBrowser: open } = await import('./node-browser.ts')
  return open(url).catch(() => false) // the address is the service's; it is shown anyway
}
