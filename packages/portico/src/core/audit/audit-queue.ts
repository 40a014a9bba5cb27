/**
 * Audit lines of what changes nothing else: role credentials, and tokens that are given again. They are too many for a commit
 * each and must not make their callers wait, so they are written behind them: whatever came in during the last write and a
 * short pause after it goes into the next, all at once.
 *
 * When storage cannot keep up, lines are dropped, and a line says how many.
 */
import type { AuditEvent, Storage } from '../../storage/storage.ts'

/** Lines on their way into storage. */
export type AuditQueue = {
  /** Takes a line. Never waits and never fails. */
  add(event: AuditEvent): void
  /** Resolves when every line that was taken is written, or is given up: what a server does before it ends. Makes no pause. */
  flush(): Promise<void>
  /** How many lines were dropped since the start. */
  dropped(): number
}

/** Between two writes, in milliseconds: each is a commit of its own, and takes from those that somebody waits for. */
const PAUSE = 25

/** A queue that holds at most `most` lines. `pause` waits for so many milliseconds; left out, nothing does. */
export function createAuditQueue(
  storage: Pick<Storage, 'recordAudit'>,
  { most = 10_000, pause = async () => {} }: { most?: number; pause?: (ms: number) => Promise<unknown> } = {},
): AuditQueue {
  let hurried = false
  let goOn = () => {}
  let waiting: AuditEvent[] = []
  let writing: Promise<void> | undefined
  let dropped = 0
  let untold = 0

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const events = waiting
      waiting = []
      const [last] = events.slice(-1)
      const gap = untold
      const lines = gap > 0 && last ? [...events, droppedLine(last.at, gap)] : events
      try {
        await storage.recordAudit({ events: lines })
        untold -= gap
      } catch {
        drop(events.length)
      }
      if (!hurried) await breathe()
    }
    writing = undefined
  }

  function breathe(): Promise<void> {
    return new Promise((resolve) => {
      goOn = resolve
      pause(PAUSE).then(goOn, goOn)
    })
  }

  function drop(count: number): void {
    dropped += count
    untold += count
  }

  return {
    add(event) {
      if (waiting.length >= most) return drop(1)
      waiting.push(event)
      writing ??= write()
    },
    async flush() {
      hurried = true
      goOn()
      await writing
      hurried = false
    },
    dropped: () => dropped,
  }
}

function droppedLine(at: number, count: number): AuditEvent {
  return { at, eventName: 'AuditLinesDropped', userId: null, address: null, userAgent: null, detail: { count } }
}
