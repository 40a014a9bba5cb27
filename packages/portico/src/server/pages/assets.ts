import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A file that the pages load: the whole list is read once, at start-up. */
export type Asset = {
  /** Where it is served, without a query. */
  path: string
  /** `path` with `?v=` and the start of the content's hash: what is found under it never changes and may be kept for ever. */
  url: string
  /** The value of `v`. */
  version: string
  contentType: string
  body: Uint8Array<ArrayBuffer>
}

/** Every file to serve. They live below the access portal, because nothing else may be under the root. */
export const assets = {
  style: read('portico.css', 'text/css; charset=utf-8'),
  script: read('portico.js', 'text/javascript; charset=utf-8'),
  /** The mark: the icon of the browser's tab, and a mask for the style sheet. */
  mark: read('portico.svg', 'image/svg+xml'),
  /** The gable over a page that asks one question; a mask for the style sheet. */
  pediment: read('pediment.svg', 'image/svg+xml'),
} as const satisfies Record<string, Asset>

function read(name: string, contentType: string): Asset {
  const body = new Uint8Array(readFileSync(new URL(`static/${name}`, import.meta.url)))
  const version = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  const path = `/start/${name}`
  return { path, url: `${path}?v=${version}`, version, contentType, body }
}
