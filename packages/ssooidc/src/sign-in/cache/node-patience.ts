/** Files on Windows: what another program has open for a moment can be neither replaced, removed nor made anew until it is done. */
import { type Clock, systemClock } from '../clock.ts'

/** What Windows says then. Elsewhere the same words mean that it may not be done at all. */
const passing = ['EPERM', 'EACCES', 'EBUSY']
const TRIES = 20
const PAUSE = 50

/** Does work on a file, and on Windows again for a second while somebody stands in the way. @throws what `work` throws */
export async function patiently<T>(
  work: () => Promise<T>,
  platform: string = process.platform,
  clock: Pick<Clock, 'sleep'> = systemClock,
): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work()
    } catch (thrown) {
      if (platform !== 'win32' || left <= 1 || !passing.includes(codeOf(thrown) ?? '')) throw thrown
      await clock.sleep(PAUSE)
    }
  }
}

/** The code of what `node:` modules throw. */
export function codeOf(thrown: unknown): string | undefined {
  return (thrown as NodeJS.ErrnoException).code // node: modules throw nothing else
}
