/** Bun and Deno: as Node.js, but there `fetch` is the cheap way, and it knows their own proxy settings. */
import { fetchTransport } from '../transport/fetch.ts'
import { nodeTransport } from '../transport/node.ts'
import { shared } from './node-shared.ts'
import type { Platform } from './platform.ts'

/** This runtime. Certificates of one's own go through `node:http`, since each `fetch` has another way to be told them. */
export const platform: Platform = {
  ...shared,
  transport: (setup) => (setup.caBundle === undefined ? fetchTransport(setup) : nodeTransport(setup)),
}
