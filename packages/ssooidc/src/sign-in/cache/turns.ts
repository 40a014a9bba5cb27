/** Takes turns within a process. */

/** Runs works of the same key one after another, in the order in which they came. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Nobody's turn yet. */
export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work)
    // Whoever comes next waits for the end, whatever it is; a failure is for the one whose turn it was.
    const end = turn.then(
      () => {},
      () => {},
    )
    last.set(key, end)
    end.then(() => {
      if (last.get(key) === end) last.delete(key)
    })
    return turn
  }
}
