import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import type { Bindings } from './environment.ts'
import { type Application, listen } from './node.ts'

const place = { host: '127.0.0.1', port: 0 }

test('a request that comes before there is an application waits for it, and the address is known by then', async () => {
  const coming = Promise.withResolvers<Application>()
  const listening = await listen(coming.promise, place)
  const asked = fetch(listening.url, { method: 'POST', body: 'early' })
  const later = fetch(`${listening.url}/later`)
  const said = (bindings?: Bindings) => new TextDecoder().decode(bindings?.raw?.body)
  coming.resolve({
    fetch: (request, bindings) => new Response(`${new URL(request.url).origin} ${said(bindings)}`),
  })
  assert.equal(await (await asked).text(), `${listening.url} early`)
  assert.equal(await (await later).text(), `${listening.url} `)
  await listening.close(0)
})

test('whoever waits for an application that never comes is cut off when the listener closes, which may be said twice', async () => {
  const listening = await listen(new Promise<Application>(() => {}), place)
  const waiting = connect(listening.port, place.host)
  waiting.end('GET / HTTP/1.1\r\nHost: waits\r\n\r\n')
  await once(waiting, 'connect')
  const ended = new Promise((resolve) => waiting.on('error', () => {}).once('close', resolve))
  await listening.close(0)
  await listening.close(0)
  await ended
  // And the port is anybody's again.
  const next = createServer().listen(listening.port, place.host)
  await once(next, 'listening')
  next.close()
})
