import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** This package's version. */
export function version(): string {
  const manifest = findPackageJSON('..', import.meta.url)
  if (manifest === undefined) throw new Error('this program was separated from its package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
