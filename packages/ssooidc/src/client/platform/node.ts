/** Node.js. */
import { nodeTransport } from '../transport/node.ts'
import { shared } from './node-shared.ts'
import type { Platform } from './platform.ts'

/** This runtime. */
export const platform: Platform = { ...shared, transport: nodeTransport }
