/**
 * The storage contract made executable: what every engine must do, published so that an engine of somebody else's can be
 * held to it. Behaviour, contention with real parallel calls, notices of changes, and two handles on one database.
 *
 * Not its job: what is an engine's own, such as files, connections and damage. An engine tests that beside itself.
 */

import { describe, test } from 'node:test'
import type { Storage } from '../storage.ts'
import { administration, endingContention } from './administration.ts'
import { applications, assertionContention } from './applications.ts'
import { attempts } from './attempts.ts'
import { audit } from './audit.ts'
import { auditContention, auditLog } from './audit-log.ts'
import { authorizationCodes } from './authorization-codes.ts'
import { changes, changesElsewhere } from './changes.ts'
import { contention } from './contention.ts'
import { deviceGrants } from './device-grants.ts'
import { directory } from './directory.ts'
import { directoryPages } from './directory-pages.ts'
import { distantDevices } from './distant-devices.ts'
import { endings } from './endings.ts'
import { factors, linkContention, personLinks, uses } from './factors.ts'
import { instance } from './instance.ts'
import { keys } from './keys.ts'
import { organization, pruned } from './organization.ts'
import { factorContention, factorRemovals } from './removing-factors.ts'
import { rotation } from './rotation.ts'
import { setupLinks } from './setup-links.ts'
import { shutOut, shutOutContention } from './shut-out.ts'
import { signIns } from './sign-ins.ts'
import { sweeping } from './sweeping.ts'

/** An empty database for one test. */
export type Place = {
  /** Opens the place. Every call gives another handle on the same database. */
  open(): Promise<Storage>
  /** Removes it, after every handle has been closed. */
  remove(): Promise<void>
}

/** What the suite needs to know of an engine. */
export type Subject = {
  createPlace(): Promise<Place>
  /** Whether two handles of a place are two ways to one database. */
  shared: boolean
}

/** Registers one sentence of the contract as a test, run on a database of its own. */
export type Check = (sentence: string, body: (storage: Storage) => Promise<void>) => void

/** The same for a sentence about several handles on one database. */
export type CheckHandles = (sentence: string, body: (...handles: Handles) => Promise<void>) => void

/** One handle at least, and as many as are asked for. */
export type Handles = readonly [Storage, Storage]

/**
 * Registers the whole suite with `node:test`, under the engine's name.
 *
 *     testStorage('my engine', { createPlace, shared: true })
 */
export function testStorage(name: string, { createPlace, shared }: Subject): void {
  const checkHandles =
    (handlesOf: (place: Place) => Promise<Handles>): CheckHandles =>
    (sentence, body) => {
      test(sentence, async () => {
        const place = await createPlace()
        const handles = await handlesOf(place)
        try {
          await body(...handles)
        } finally {
          for (const handle of new Set(handles)) await handle.close()
          await place.remove()
        }
      })
    }
  const one = checkHandles(async (place) => {
    const handle = await place.open()
    return [handle, handle]
  })
  const two = checkHandles(async (place) => [await place.open(), await place.open()])
  const check: Check = one

  describe(name, () => {
    describe('the instance and its keys', () => instance(check))
    describe('how keys follow one another', () => keys(check))
    describe('device grants', () => deviceGrants(check))
    describe('distant devices', () => distantDevices(check))
    describe('authorization codes', () => authorizationCodes(check))
    describe('rotation of sessions', () => rotation(check))
    describe('the end of sessions', () => endings(check))
    describe('endings by administrators', () => administration(check))
    describe('sign-in sessions', () => signIns(check))
    describe('attempts', () => attempts(check))
    describe('the directory', () => directory(check))
    describe('the organization', () => organization(check))
    describe('an organization that is all that there is', () => pruned(check))
    describe('who may not be shut out', () => shutOut(check))
    describe('applications', () => applications(check))
    describe('the directory in pages', () => directoryPages(check))
    describe('factors', () => factors(check))
    describe('factors that go', () => factorRemovals(check))
    describe('links for one person', () => personLinks(check))
    describe('what is in use', () => uses(check))
    describe('set-up links', () => setupLinks(check))
    describe('the audit log', () => audit(check))
    describe('the chain of the audit log', () => auditLog(check))
    describe('sweeping', () => sweeping(check))
    describe('notices of changes', () => changes(check))
    describe('contention on one handle', () => contention(one))
    describe('contention of assertions on one handle', () => assertionContention(one))
    describe('contention of endings on one handle', () => endingContention(one))
    describe('contention of factors on one handle', () => factorContention(one))
    describe('contention of links on one handle', () => linkContention(one))
    describe('contention of the last who administer on one handle', () => shutOutContention(one))
    describe('contention of seals on one handle', () => auditContention(one))
    if (!shared) return
    describe('contention on two handles', () => contention(two))
    describe('contention of assertions on two handles', () => assertionContention(two))
    describe('contention of endings on two handles', () => endingContention(two))
    describe('contention of factors on two handles', () => factorContention(two))
    describe('contention of links on two handles', () => linkContention(two))
    describe('contention of the last who administer on two handles', () => shutOutContention(two))
    describe('contention of seals on two handles', () => auditContention(two))
    describe('notices of changes made elsewhere', () => changesElsewhere(two))
  })
}
