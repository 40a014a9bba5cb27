/**
 * As much of `node:test` as the client's own tests need, for where there is no Node.js: tests are collected by name and run
 * one after another. An alias when they are bundled, never imported.
 */

type Test = { name: string; run: () => unknown }

const tests: Test[] = []
let prefix = ''

export function describe(name: string, declare: () => void): void {
  const outer = prefix
  prefix = `${prefix}${name} › `
  declare()
  prefix = outer
}

export function it(name: string, run: () => unknown): void {
  tests.push({ name: prefix + name, run })
}

/** Runs them all; resolves with how many there were, and a sentence for each that failed. */
export async function runTests(): Promise<{ count: number; failed: string[] }> {
  const failed: string[] = []
  for (const { name, run } of tests)
    try {
      await run()
    } catch (thrown) {
      failed.push(`${name}: ${thrown}`)
    }
  return { count: tests.length, failed }
}

type Timer = { at: number; run: () => void }

/** `setTimeout` by a clock that the test sets. */
function mockTimers() {
  const { setTimeout, clearTimeout } = globalThis
  let now = 0
  let timers = new Set<Timer>()
  return {
    enable() {
      now = 0
      timers = new Set()
      const set = (run: () => void, ms: number) => {
        const timer = { at: now + ms, run }
        timers.add(timer)
        return timer
      }
      Object.assign(globalThis, { setTimeout: set, clearTimeout: (timer: Timer) => timers.delete(timer) })
    },
    tick(ms: number) {
      now += ms
      for (const timer of timers) if (timer.at <= now && timers.delete(timer)) timer.run()
    },
    reset: () => void Object.assign(globalThis, { setTimeout, clearTimeout }),
  }
}

export const mock = { timers: mockTimers() }
