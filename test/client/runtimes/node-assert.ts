/** As much of `node:assert/strict` as the client's own tests need, for where there is no Node.js. An alias when they are bundled. */

type Thrown = Error & Readonly<Record<string, unknown>>
type Expected = RegExp | ((thrown: never) => unknown) | (new (...of: never[]) => Error) | object

function fail(message: string): never {
  throw new Error(message)
}

const shown = (value: unknown) => (value instanceof Error ? `${value}` : JSON.stringify(value))

function same(actual: unknown, expected: unknown): boolean {
  if (Object.is(actual, expected)) return true
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) return false
  // Prototypes are not compared: what `fetch` reads may come from another realm.
  if (Array.isArray(actual) !== Array.isArray(expected)) return false
  const [one, other] = [Object.entries(actual), Object.entries(expected)]
  return (
    one.length === other.length &&
    one.every(([name, value]) => Object.hasOwn(expected, name) && same(value, expected[name as keyof typeof expected]))
  )
}

function check(thrown: unknown, expected: Expected | undefined): void {
  if (expected === undefined) return
  if (expected instanceof RegExp) {
    match(`${thrown}`, expected)
    return
  }
  if (typeof expected === 'function') {
    const isClass = expected.prototype instanceof Error
    const fits = isClass ? thrown instanceof expected : (expected as (thrown: unknown) => unknown)(thrown)
    ok(fits, `not what was expected: ${thrown}`)
    return
  }
  for (const [name, value] of Object.entries(expected)) {
    const own = (thrown as Thrown)[name]
    if (value instanceof RegExp) match(String(own), value)
    else ok(same(own, value), `${name} is ${shown(own)} and not ${shown(value)}`)
  }
}

function ok(value: unknown, message = 'not true'): void {
  if (!value) fail(message)
}

function match(text: string, pattern: RegExp): void {
  ok(pattern.test(text), `${text} does not match ${pattern}`)
}

async function rejects(asked: Promise<unknown> | (() => Promise<unknown>), expected?: Expected): Promise<void> {
  const outcome = await (typeof asked === 'function' ? asked() : asked).then(
    () => undefined,
    (thrown: unknown) => ({ thrown }),
  )
  if (outcome === undefined) fail('did not reject')
  check(outcome.thrown, expected)
}

function throws(run: () => unknown, expected?: Expected): void {
  try {
    run()
  } catch (thrown) {
    check(thrown, expected)
    return
  }
  fail('did not throw')
}

export default {
  ok,
  match,
  rejects,
  throws,
  fail: (message = 'failed') => fail(message),
  doesNotMatch: (text: string, pattern: RegExp) => ok(!pattern.test(text), `${text} matches ${pattern}`),
  equal: (actual: unknown, expected: unknown) =>
    ok(Object.is(actual, expected), `${shown(actual)} is not ${shown(expected)}`),
  notEqual: (actual: unknown, expected: unknown) => ok(!Object.is(actual, expected), `is ${shown(actual)}`),
  deepEqual: (actual: unknown, expected: unknown) =>
    ok(same(actual, expected), `${shown(actual)} is not ${shown(expected)}`),
}
