/** The client where there is nothing but the web: in a browser, and in a context like a worker's that has no Node.js in it. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { launchChromium } from '../browser/chromium.ts'
import { webProgram, webTests } from './runtimes/programs.ts'
import { type Stub, startStub } from './stub.ts'

let stub: Stub
before(async () => {
  stub = await startStub()
})
after(() => stub[Symbol.asyncDispose]())

test('the bundle for the web names nothing of Node.js', async () => {
  const program = await webProgram('console.log(client, exercise)', 'esm')
  assert.doesNotMatch(program, /node:|\bprocess\.|\bBuffer\b|signature-v4'|credential-providers'/)
})

test('the client does all it must in a worker-like runtime', async () => {
  const program = await webProgram('globalThis.result = exercise(client, url)', 'iife')
  const context = createContext(webGlobals(stub.url))
  runInContext(program, context)
  assert.deepEqual([...(await context.result)], [])
})

test('every test of the client that needs no Node.js passes in a worker-like runtime', async () => {
  const context = createContext(webGlobals(stub.url))
  runInContext(await webTests('globalThis.result = runTests()', 'iife'), context)
  const { count, failed } = await context.result
  assert.deepEqual([...failed], [])
  assert.ok(count > 50, `${count} tests`)
})

test('the client does all it must in Chromium, from a page of another origin', async () => {
  const program = await webProgram('globalThis.result = exercise(client, location.hash.slice(1))', 'iife')
  assert.deepEqual(await inChromium(program, stub.url), [])
})

test('every test of the client that needs no Node.js passes in Chromium', async () => {
  const program = await webTests('globalThis.result = runTests()', 'iife')
  const { count, failed } = (await inChromium(program, '')) as { count: number; failed: string[] }
  // The one header that a browser keeps to itself.
  const [itsName = '', ...others] = failed
  assert.match(itsName, /names itself with the version of its package/)
  assert.deepEqual(others, [])
  assert.ok(count > 50, `${count} tests`)
})

/** What a program that a page loads leaves in `result`. */
async function inChromium(program: string, hash: string): Promise<unknown> {
  const pages = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>A program</title>'),
  )
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/#${hash}`)
    await page.addScriptTag({ content: program })
    return await page.evaluate('result')
  } finally {
    await browser.close()
    pages.closeAllConnections()
    pages.close()
  }
}

/** What workers have, by the Minimum Common API. @see https://min-common-api.proposal.wintertc.org/ */
function webGlobals(url: string) {
  const names = [
    'AbortController',
    'AbortSignal',
    'Headers',
    'ReadableStream',
    'Request',
    'Response',
    'TextDecoder',
    'TextEncoder',
    'URL',
    'URLSearchParams',
    'btoa',
    'clearTimeout',
    'console',
    'crypto',
    'fetch',
    'performance',
    'setTimeout',
  ] as const
  return { url, ...Object.fromEntries(names.map((name) => [name, globalThis[name]])) }
}
