/** A person's browser in another network than the devices of a test, which are at 127.0.0.1. */
import { type FormBrowser, formBrowser } from './form-browser.ts'
import type { TestInstance } from './instance.ts'

/** An address of that network. */
export const ELSEWHERE = '198.51.100.7'

/** A browser that has this address. */
export function browserAt({ app }: Pick<TestInstance, 'app'>, peerAddress: string = ELSEWHERE): FormBrowser {
  return formBrowser(async (request) => {
    const url = new URL(request.url)
    const headers: [string, string][] = [['host', url.host], ...request.headers]
    const body = new Uint8Array(await request.clone().arrayBuffer())
    const { method } = request
    return app.fetch(request, { raw: { method, target: url.pathname + url.search, headers, body, peerAddress } })
  })
}
