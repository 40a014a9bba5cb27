#!/usr/bin/env node
// @ts-check
/*
 * Starts the program, on whatever Node.js this is. An older one cannot load what follows, so this file is plain JavaScript
 * that every Node.js since 14 reads: it looks for a newer Node.js that npm has brought along, and else says what to install.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isNewEnough = major > 24 || (major === 24 && minor >= 15)
const source = new URL('./main.ts', import.meta.url)
// Sources where there are sources, what was emitted from them where that was installed.
const extension = existsSync(source) ? '.ts' : '.js'
const main = new URL(`./main${extension}`, import.meta.url)

if (isNewEnough) {
  if (!(await isAnsweredFromCache())) await import(main.href)
} else {
  const newer = findNewerNode()
  if (newer === undefined) {
    console.error(
      `portico: this is Node.js ${process.versions.node}, and Portico needs 24.15 or later. Install a current one from https://nodejs.org.`,
    )
    process.exitCode = 1
  } else {
    run(newer)
  }
}

/** The AWS tools wait for this one command each time they start, so it does not load the others unless it must. */
async function isAnsweredFromCache() {
  const [command, ...args] = process.argv.slice(2)
  if (command !== 'credential-process') return false
  const { answerFromCache } = await import(new URL(`./client/warm${extension}`, import.meta.url).href)
  return answerFromCache(args)
}

/** @returns {string | undefined} the program of one of npm's platform packages of Node.js */
function findNewerNode() {
  const require = createRequire(import.meta.url)
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  if (process.platform === 'win32') names.push(`node-win-${process.arch}`)
  for (const name of names) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`))
      const program = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
      if (existsSync(program)) return program
    } catch {
      // It is not installed; the next one may be.
    }
  }
  return undefined
}

/** @param {string} node */
function run(node) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both; this process stays until the other has ended in order.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1
  })
}
