import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { formBrowser } from '../../../../../test/support/form-browser.ts'
import { startPostgres } from '../../../../../test/support/postgres.ts'
import { main, ORGANIZATION, PASSWORD, workplace } from '../../../../../test/support/workplace.ts'
import { exitCodes } from '../failure.ts'

describe('portico serve', () => {
  test('--demo prints passwords that open the portal, the same ones after a restart, until somebody changes them', async () => {
    await using place = workplace()
    const first = await place.serve('--demo')
    assert.deepEqual(
      first.said.people.map((person: { username: string; administrator: boolean }) => [
        person.username,
        person.administrator,
      ]),
      [
        ['alice', true],
        ['bob', false],
      ],
    )
    assert.deepEqual(first.said.accounts, [
      { accountId: '111111111111', name: 'Production', roles: ['AdministratorAccess', 'ReadOnlyAccess'] },
      { accountId: '222222222222', name: 'Development', roles: ['AdministratorAccess', 'ReadOnlyAccess'] },
    ])
    assert.match(first.said.startUrlAlias, /^https:\/\/ssoins-[0-9a-f]{16}\.portico\.invalid\.awsapps\.com\/start$/)
    for (const { username, password } of first.said.people) {
      assert.match(password, /^[a-z2-7]{20}$/)
      const browser = formBrowser()
      const asked = await browser.open(first.said.startUrl)
      const portal = await browser.send(asked, { username, password })
      assert.match(portal.html, /Production/)
    }
    assert.equal(await first.stop(), 0)

    place.run(['user', 'password', 'bob'], { input: PASSWORD })
    const second = await place.serve('--demo')
    assert.deepEqual(second.said.people, [first.said.people[0]])
    assert.equal(second.said.instanceId, first.said.instanceId)
    assert.equal(await second.stop('SIGINT'), 0)
  })

  test('without demo prints a link by which the first administrator comes in, until there is one', async () => {
    await using place = workplace()
    const first = await place.serve()
    assert.deepEqual([first.said.people, first.said.accounts], [[], []])
    const [, link = ''] = await first.says(/^ {2}(http\S+\/setup\?link=\S+)\n/m)
    const browser = formBrowser()
    const form = await browser.open(link)
    assert.equal(form.status, 200)
    await first.stop()

    place.run(['apply', '-'], { input: ORGANIZATION })
    place.run(['user', 'password', 'carol'], { input: PASSWORD })
    const second = await place.serve()
    assert.equal(await second.stop(), 0)
    assert.doesNotMatch(second.err(), /setup\?link/)
  })

  test('takes over what is applied beside it', async () => {
    await using place = workplace()
    const server = await place.serve('--demo')
    const browser = formBrowser()
    const [alice] = server.said.people
    await browser.send(await browser.open(server.said.startUrl), { username: 'alice', password: alice.password })
    const grant = `users: [{ userName: alice, displayName: Alice, administrator: true }]
accounts: [{ id: 333333333333, name: Beside }]
permissionSets: [{ name: Reader }]
assignments: [{ account: 333333333333, permissionSet: Reader, user: alice }]
`
    assert.equal(place.run(['apply', '-'], { input: grant }).code, 0)
    const until = Date.now() + 60_000
    let html = ''
    while (!html.includes('Beside') && Date.now() < until) html = (await browser.open(server.said.startUrl)).html
    assert.match(html, /Beside/)
  })

  test('finishes a request that is under way when it is told to stop, and then ends well', async () => {
    await using place = workplace()
    const server = await place.serve('--demo')
    const { hostname, port } = new URL(server.said.url)
    const socket = connect(Number(port), hostname)
    const body = JSON.stringify({ clientName: 'late', clientType: 'public' })
    const head = ['POST /client/register HTTP/1.1', `Host: ${hostname}:${port}`, `Content-Length: ${body.length}`]
    socket.write([...head, '', body.slice(0, 5)].join('\r\n'))
    // Answered on another connection: by then the server reads the first one.
    assert.equal((await fetch(server.said.startUrl)).status, 200)
    const ended = server.stop()
    await refusesConnections(Number(port))
    socket.end(body.slice(5))
    let answer = ''
    for await (const chunk of socket) answer += chunk
    assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*"clientId":"ptc_ci_/)
    assert.equal(await ended, 0)
  })

  test('keeps one instance with another server on one PostgreSQL, and needs the same root key for it', async () => {
    const postgres = await startPostgres()
    const { connectionString, remove } = await postgres.createPlace()
    try {
      await using one = workplace()
      await using two = workplace()
      const database = { PORTICO_DATABASE: connectionString }
      const first = await one.serve({ env: database }, '--demo')
      const keyless = two.run(['serve', '--port', '0'], database)
      assert.equal(keyless.code, exitCodes.data)
      assert.match(keyless.err, /its root key is not here/)

      const rootKey = readFileSync(one.path('portico-data/root.key'), 'utf8').trim()
      const second = await two.serve({ env: { ...database, PORTICO_ROOT_KEY: rootKey } }, '--demo')
      assert.equal(second.said.instanceId, first.said.instanceId)
      assert.deepEqual(second.said.people, first.said.people)
      assert.deepEqual([await first.stop(), await second.stop()], [0, 0])
    } finally {
      await remove()
      await postgres.stop()
    }
  })

  test('says so when its PostgreSQL cannot be reached, and does not say the password', async () => {
    await using place = workplace()
    const database = { PORTICO_DATABASE: 'postgres://portico:hunter2@127.0.0.1:1/portico' }
    const { code, err } = place.run(['serve', '--port', '0'], database)
    assert.equal(code, exitCodes.data)
    assert.match(err, /^portico: The PostgreSQL server does not let us in \(ECONNREFUSED\)/)
    assert.doesNotMatch(err, /hunter2/)
  })

  test('answers its operator on the next port: alive, ready, and counted', async () => {
    await using place = workplace()
    const port = await freePair()
    const server = await place.serve('--demo', '--port', String(port))
    assert.equal(server.said.url, `http://127.0.0.1:${port}`)
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port + 1}${path}`)
      return [response.status, await response.text()] as const
    }
    assert.deepEqual(await ask('/healthz'), [200, 'alive\n'])
    assert.deepEqual(await ask('/readyz'), [200, 'ready\n'])
    await fetch(`${server.said.url}/client/register`, { method: 'POST', body: '{}' })
    const [, metrics] = await ask('/metrics')
    assert.match(metrics, /^portico_requests_total\{operation="sso-oidc:RegisterClient",status="400",error="\w+"\} 1$/m)
    assert.match(metrics, /^process_cpu_seconds_total /m)
    assert.equal((await ask('/start'))[0], 404)
  })

  test('refuses a data folder that another server uses, and a port that another program has', async () => {
    await using place = workplace()
    const server = await place.serve('--demo')
    const sameData = place.run(['serve', '--port', '0'])
    assert.equal(sameData.code, exitCodes.data)
    assert.match(sameData.err, /^portico: Another server is using the data folder/)

    const { port } = new URL(server.said.url)
    const samePort = place.run(['serve', '--data', 'other', '--port', port])
    assert.equal(samePort.code, exitCodes.network)
    assert.match(
      samePort.err,
      /Another program listens on 127\.0\.0\.1:\d+\. Stop it, or choose another port with --port\./,
    )
    assert.equal(existsSync(place.path('other')), false)
  })

  test('holds its ports while it opens its data, and says on the operator’s that it starts', async () => {
    await using place = workplace()
    // A database that takes connections and never answers.
    await using silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    assert.ok(typeof address === 'object' && address !== null)
    const asked = once(silent, 'connection')
    const port = await freePair()
    const child = spawn(process.execPath, [main, 'serve', '--port', String(port)], {
      cwd: place.path('.'),
      env: { PATH: process.env.PATH, PORTICO_DATABASE: `postgres://portico@127.0.0.1:${address.port}/portico` },
    })
    const closed = once(child, 'close')
    const [socket] = await asked
    try {
      assert.deepEqual([await isFree(port), await isFree(port + 1)], [false, false])
      const ready = await fetch(`http://127.0.0.1:${port + 1}/readyz`)
      assert.deepEqual([ready.status, await ready.text()], [503, 'starting\n'])
    } finally {
      socket.destroy()
      child.kill('SIGKILL')
      await closed
    }
  })

  test('goes on under --demo without an operator’s listener when its port is taken, and says so', async () => {
    await using place = workplace()
    await using taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    assert.ok(typeof address === 'object' && address !== null)
    const operatorPort = String(address.port)
    const server = await place.serve('--demo', '--operator-port', operatorPort)
    await server.says(/There is no health and metrics listener/)
    await server.stop()
    const strict = place.run(['serve', '--data', 'other', '--port', '0', '--operator-port', operatorPort])
    assert.equal(strict.code, exitCodes.network)
    assert.match(strict.err, /Another program listens on .*, or choose another port with --operator-port\./)
    assert.equal(existsSync(place.path('other')), false)
  })

  test('refuses to be its own operator’s listener, and makes nothing', async () => {
    await using place = workplace()
    const port = String(await freePair())
    const { code, err } = place.run(['serve', '--port', port, '--operator-port', port])
    assert.equal(code, exitCodes.network)
    assert.match(err, /choose another port with --operator-port/)
    assert.equal(existsSync(place.path('portico-data')), false)
  })

  test('refuses a database that is damaged, or that a newer version wrote, and leaves it alone', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    const path = place.path('portico-data/portico.db')
    const database = new DatabaseSync(path)
    const [table] = database.prepare("select name from sqlite_master where name like '%igration%'").all()
    assert.ok(table, 'the database says which version it has')
    const columns = database.prepare(`select * from "${table.name}" order by 1 desc limit 1`).get() ?? {}
    const names = Object.keys(columns)
    const newer = names.map((name) =>
      typeof columns[name] === 'number' && columns[name] < 1e6 ? 9_999 : columns[name],
    )
    database
      .prepare(
        `insert into "${table.name}" (${names.map((name) => `"${name}"`).join()}) values (${names.map(() => '?').join()})`,
      )
      .run(...newer.map((value) => value ?? null))
    database.close()
    const tooNew = place.run(['serve', '--port', '0'])
    assert.equal(tooNew.code, exitCodes.data, tooNew.err)
    assert.match(tooNew.err, /^portico: The database has schema version 9999/)

    const noise = Buffer.alloc(8192, 'not a database ')
    writeFileSync(path, noise)
    const damaged = place.run(['serve', '--port', '0'])
    assert.equal(damaged.code, exitCodes.data)
    assert.match(damaged.err, /^portico: The database .*portico\.db is damaged/)
    assert.doesNotMatch(damaged.err, /\n {4}at /)
    assert.deepEqual(readFileSync(path), noise)
  })

  test('refuses to start without the root key of its database, or with another', async () => {
    await using place = workplace()
    await (await place.serve('--demo')).stop()
    const key = place.path('portico-data/root.key')
    const text = readFileSync(key, 'utf8')
    rmSync(key)
    const missing = place.run(['serve', '--port', '0'])
    assert.equal(missing.code, exitCodes.data)
    assert.match(missing.err, /its root key is not here/)

    const other = place.run(['serve', '--port', '0'], { PORTICO_ROOT_KEY: Buffer.alloc(32, 1).toString('base64') })
    assert.equal(other.code, exitCodes.data)
    assert.match(other.err, /^portico: The root key does not open the stored key/)

    writeFileSync(key, text, { mode: 0o600 })
    assert.equal(await (await place.serve('--demo')).stop(), 0)
  })

  test('refuses plain http beyond loopback before it touches any data', async () => {
    await using place = workplace()
    const { code, err } = place.run(['serve', '--host', '0.0.0.0', '--port', '0'])
    assert.equal(code, exitCodes.configuration)
    assert.match(err, /0\.0\.0\.0 can be reached from other machines/)
    assert.equal(existsSync(place.path('portico-data')), false)
  })

  test('prints for people what can be pasted', async () => {
    await using place = workplace()
    const child = spawn(process.execPath, [main, 'serve', '--demo', '--port', '0'], {
      cwd: place.path('.'),
      env: { PATH: process.env.PATH, NO_COLOR: '1' },
    })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.includes('verificationUriComplete)')) child.kill('SIGTERM')
    })
    // Not its exit: what it wrote may still be on its way then.
    assert.deepEqual(await once(child, 'close'), [0, null])
    const url = /^Portico serves (http:\/\/127\.0\.0\.1:\d+)$/m.exec(out)?.[1]
    for (const line of [
      '[sso-session portico]',
      '[services portico]',
      '[profile portico]',
      `  endpoint_url = ${url}`,
      'aws sso login --profile portico',
      `const oidc = ssooidc({ endpoint: '${url}' })`,
      `${url}/start`,
    ]) {
      assert.ok(out.split('\n').includes(line), line)
    }
    assert.doesNotMatch(out, /\u001b/)
  })
})

/** Waits until a listener is gone. */
async function refusesConnections(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const refused = await Promise.race([
      once(socket, 'connect').then(() => false),
      once(socket, 'error').then(() => true),
    ]).catch(() => true)
    socket.destroy()
    if (refused) return
  }
}

/**
 * A port whose next one is free too. Systems give connections and listeners that do not mind a port from 32768 on, and so might
 * give one of the two away before the server comes to it; these they leave alone.
 */
async function freePair(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = randomInt(20_000, 32_000)
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  }
  throw new Error('no two free ports stand next to each other')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  server.close()
  return free
}
