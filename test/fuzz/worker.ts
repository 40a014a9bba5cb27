/** A thread that fuzzes one target: it may hang or die without taking the others along. Started by `run.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { readCorpus } from './corpus.ts'
import { fuzz } from './engine/fuzz.ts'
import { loadTarget, wordsOf } from './target.ts'

/** What the thread is told. `running` holds a counter, a length, and the input that runs now. */
export type Task = { name: string; seconds: number; seed: number; running: SharedArrayBuffer }

const { name, seconds, seed, running } = workerData as Task // what `run.ts` gives
const counters = new Int32Array(running, 0, 2)
const place = new Uint8Array(running, counters.byteLength)

let files: readonly string[] = []
const outcome = await fuzz({
  seconds,
  seed,
  leads: (url) => /\/packages\/\w+\/src\//.test(url) || files.some((file) => url.endsWith(file)),
  async load() {
    const target = await loadTarget(name)
    files = target.files
    return {
      check: (input) => target.check(input),
      seeds: [...target.seeds.map((text) => Buffer.from(text, 'latin1')), ...readCorpus(name)],
      words: wordsOf(target),
      longest: target.longest ?? 1_024,
      files,
    }
  },
  before(input) {
    place.set(input.subarray(0, place.length))
    counters[1] = Math.min(input.length, place.length)
    Atomics.add(counters, 0, 1)
  },
})
parentPort?.postMessage(outcome)
// A target may have left a server listening.
process.exit()
