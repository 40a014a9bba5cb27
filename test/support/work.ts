/**
 * Work, as time of processors: what other programs do meanwhile makes everything slower, and changes this hardly.
 */

/** What some work costs this process, all of its threads together, in milliseconds. Nothing else may go on meanwhile. */
export async function workOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
