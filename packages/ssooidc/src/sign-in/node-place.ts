/** Where this program runs. */
import { existsSync } from 'node:fs'
import type { Environment } from '../config/surroundings.ts'
import type { Place } from './method.ts'
import { runsInWsl } from './node-browser.ts'

/** Looks around. */
export function thisPlace(env: Environment = process.env): Place {
  return {
    platform: process.platform,
    env,
    isWsl: runsInWsl(env),
    isContainer: env.container !== undefined || existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  }
}
