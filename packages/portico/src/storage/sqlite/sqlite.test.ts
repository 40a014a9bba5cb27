import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, type TestContext, test } from 'node:test'
import { testStorage } from '../conformance/conformance.ts'
import { aKey, anInstance, aUser, auditLine, now } from '../conformance/records.ts'
import { CorruptDatabaseError, DataFolderInUseError, NewerDatabaseError } from '../errors.ts'
import type { Storage } from '../storage.ts'
import { openPrepared } from './prepare.ts'
import { lockDataFolder, openSqlite } from './sqlite.ts'

testStorage('SQLite in memory', {
  shared: false,
  createPlace: async () => ({ open: () => openSqlite({ path: ':memory:' }), remove: async () => {} }),
})

testStorage('SQLite in a file', {
  shared: true,
  async createPlace() {
    const folder = await mkdtemp(join(tmpdir(), 'portico-sqlite-'))
    return {
      open: () => openSqlite({ path: join(folder, 'portico.db') }),
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  },
})

describe('a SQLite file', () => {
  async function temporaryPath(t: TestContext): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'portico-sqlite-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    return join(folder, 'data', 'portico.db')
  }

  test('a database and its folder are for their owner alone', async (t) => {
    const path = await temporaryPath(t)
    const storage = await openSqlite({ path })
    await storage.initialize({ instance: anInstance, keys: [] })
    const folder = join(path, '..')
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    for (const name of await readdir(folder)) {
      assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name)
    }
    await storage.close()
  })

  test('what was written is there when the file is opened again, and closing leaves one file', async (t) => {
    const path = await temporaryPath(t)
    const storage = await openSqlite({ path })
    await storage.initialize({ instance: anInstance, keys: [aKey()] })
    await storage.close()
    assert.deepEqual(await readdir(join(path, '..')), ['portico.db'])
    const again = await openSqlite({ path })
    assert.deepEqual(await again.readInstance({}), anInstance)
    await again.close()
  })

  test('a commit is synced before it is acknowledged', async (t) => {
    const path = await temporaryPath(t)
    const storage = await openSqlite({ path })
    await storage.initialize({ instance: anInstance, keys: [] })
    const { connect } = await import('./database.ts')
    const { raw } = connect(path)
    assert.equal(raw.prepare('pragma journal_mode').get()?.journal_mode, 'wal')
    const full = 2
    assert.equal(raw.prepare('pragma synchronous').get()?.synchronous, full)
    raw.close()
    await storage.close()
  })

  test('a write that fails undoes itself and none of those that were committed with it', async (t) => {
    const storage = await openSqlite({ path: await temporaryPath(t) })
    const bad = { ...aKey({ kid: 'bad' }), state: 'no such state' as 'active' }
    const writes = await Promise.allSettled([
      storage.addKey({ key: aKey({ kid: 'first' }) }),
      storage.addKey({ key: bad }),
      storage.initialize({ instance: anInstance, keys: [bad] }),
      storage.addKey({ key: aKey({ kid: 'last' }) }),
    ])
    assert.deepEqual(
      writes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    )
    const keys = await storage.readKeys({})
    assert.deepEqual(new Set(keys.map(({ kid }) => kid)), new Set(['first', 'last']))
    assert.equal(await storage.readInstance({}), undefined)
    await storage.close()
  })

  test('a damaged database is refused, and left as it is', async (t) => {
    const path = await temporaryPath(t)
    const storage = await openSqlite({ path })
    for (let index = 0; index < 200; index += 1) {
      await storage.addKey({ key: aKey({ kid: `kid-${index}`, wrapped: 'x'.repeat(400) }) })
    }
    await storage.close()
    const file = await open(path, 'r+')
    await file.write(Buffer.alloc(16 * 1024, 0xff), 0, 16 * 1024, 100 * 1024)
    await file.close()
    const damaged = await readFile(path)
    await assert.rejects(openSqlite({ path }), CorruptDatabaseError)
    assert.ok(damaged.equals(await readFile(path)))
  })

  test('of a large database everything is checked at the start but the audit log', async (t) => {
    const large = 100 * 1024
    const damage = async (fill: (storage: Storage) => Promise<unknown>) => {
      const path = await temporaryPath(t)
      const storage = await openSqlite({ path })
      await fill(storage)
      await storage.close()
      const file = await open(path, 'r+')
      const { size } = await file.stat()
      assert.ok(size > 3 * large)
      // The end of the file is what was written last.
      await file.write(Buffer.alloc(large, 0xff), 0, large, size - large)
      await file.close()
      return path
    }
    const keys = await damage(async (storage) => {
      for (let index = 0; index < 1_000; index += 1)
        await storage.addKey({ key: aKey({ kid: `kid-${index}`, wrapped: 'x'.repeat(400) }) })
    })
    await assert.rejects(openPrepared(keys, now, large), CorruptDatabaseError)
    const events = Array.from({ length: 1_000 }, () => auditLine('x'.repeat(400)))
    const log = await damage((storage) => storage.recordAudit({ events }))
    await assert.rejects(openPrepared(log, now), CorruptDatabaseError)
    const opened = await openPrepared(log, now, large)
    opened.raw.close()
  })

  test('a file that is no database is refused, and left as it is', async (t) => {
    const path = await temporaryPath(t)
    await (await openSqlite({ path })).close()
    await writeFile(path, 'not a database, but somebody may need it\n'.repeat(100))
    await assert.rejects(openSqlite({ path }), (error) => {
      assert.ok(error instanceof CorruptDatabaseError)
      assert.match(error.message, /Restore it from a backup/)
      return true
    })
    assert.match(await readFile(path, 'utf8'), /^not a database/)
  })

  test('a database that a newer version has written is refused', async (t) => {
    const path = await temporaryPath(t)
    await (await openSqlite({ path })).close()
    const raw = new DatabaseSync(path)
    raw.prepare('insert into migrations values (?, ?, ?)').run(1_000, 'from the future', now)
    raw.close()
    await assert.rejects(openSqlite({ path }), (error) => {
      assert.ok(error instanceof NewerDatabaseError)
      assert.match(error.message, /schema version 1000/)
      return true
    })
  })

  test('a second server on one data folder is refused until the first has let go', async (t) => {
    const folder = join(await temporaryPath(t), '..')
    const release = lockDataFolder(folder)
    assert.throws(() => lockDataFolder(folder), DataFolderInUseError)
    const storage = await openSqlite({ path: join(folder, 'portico.db') })
    await storage.createSetupLink({ hash: 'link', expiresAt: now + 1, now, audit: auditLine('CreateSetupLink') })
    await storage.redeemSetupLink({
      ...{ hash: 'link', user: aUser(), now, audit: auditLine('SetUp') },
    })
    await storage.close()
    release()
    release()
    lockDataFolder(folder)()
  })

  test('a server that is killed leaves its data folder free', async (t) => {
    const folder = join(await temporaryPath(t), '..')
    const module = new URL('./data-folder.ts', import.meta.url).href
    const script = `
      const { lockDataFolder } = await import(${JSON.stringify(module)})
      lockDataFolder(${JSON.stringify(folder)})
      process.kill(process.pid, 'SIGKILL')`
    const killed = spawnSync(process.execPath, ['--input-type=module', '--eval', script])
    assert.equal(killed.signal, 'SIGKILL')
    lockDataFolder(folder)()
  })

  test('a program that forgets to close still ends, with its writes done', async (t) => {
    const path = await temporaryPath(t)
    const module = new URL('./sqlite.ts', import.meta.url).href
    const script = `
      const { openSqlite } = await import(${JSON.stringify(module)})
      const storage = await openSqlite({ path: ${JSON.stringify(path)} })
      storage.initialize({ instance: ${JSON.stringify(anInstance)}, keys: [] })`
    const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { timeout: 120_000 })
    assert.equal(ended.status, 0, ended.stderr.toString())
    const storage = await openSqlite({ path })
    assert.deepEqual(await storage.readInstance({}), anInstance)
    await storage.close()
  })
})
