/** Fuzzes one target in a thread of its own, and watches it: an input that never ends is a finding too. */
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { Finding, Outcome } from './engine/fuzz.ts'
import { LONGEST } from './engine/growth.ts'
import type { Task } from './worker.ts'

/** No input may take as long, in seconds, even where other programs have the processor. */
const LONGEST_RUN = 60

// Optimised code does not count its calls, and what was seen to run would seem to have stopped.
for (const flag of ['--no-opt', '--no-maglev']) setFlagsFromString(flag)

/** Fuzzes the target for so many seconds. Without figures when it hung or died. */
export function runTarget(task: Omit<Task, 'running'>): Promise<Outcome | { findings: readonly Finding[] }> {
  const running = new SharedArrayBuffer(8 + LONGEST)
  const counters = new Int32Array(running, 0, 2)
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { ...task, running } })
  const inHand = () => Buffer.from(new Uint8Array(running, 8, Atomics.load(counters, 1)))
  return new Promise((done) => {
    const end = (outcome: Outcome | { findings: readonly Finding[] }) => {
      clearInterval(watch)
      done(outcome)
      void worker.terminate()
    }
    let last = 0
    let still = 0
    const watch = setInterval(() => {
      const now = Atomics.load(counters, 0)
      // Before the first input the thread loads what it checks.
      still = now === last && now > 0 ? still + 1 : 0
      last = now
      if (still < LONGEST_RUN) return
      end({ findings: [{ message: `one input ran for more than ${LONGEST_RUN} seconds`, input: inHand() }] })
    }, 1_000)
    // Between threads a Buffer loses its kind.
    worker.once('message', (outcome: Outcome) => {
      const findings = outcome.findings.map((finding) => ({ ...finding, input: Buffer.from(finding.input) }))
      end({ ...outcome, findings, corpus: outcome.corpus.map((input) => Buffer.from(input)) })
    })
    // It says what it came to before it ends; whoever ended it earlier had no leave to.
    worker.once('exit', (code) => end({ findings: [{ message: `the thread ended with ${code}`, input: inHand() }] }))
    worker.once('error', (error) => end({ findings: [{ message: String(error), input: inHand() }] }))
  })
}
