/**
 * Debian's nginx and HAProxy in front of a listener, set up as the guide says, each as a process of its own in a folder of
 * its own. Both keep their connections to the server open and send many people's requests over one: that is where two
 * readers must agree on where a request ends.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { OwnAddress } from '../support/own-address.ts'

/** A proxy that runs. `await using` ends it. */
export type RunningProxy = { url: string; log(): string; [Symbol.asyncDispose](): Promise<void> }

/** A kind of proxy: its program, its configuration file for these two places, and how it is started with it. */
type Kind = {
  program: string
  configuration: (place: OwnAddress, backendPort: number, folder: string) => string
  args: (file: string) => string[]
}

const nginxWith = (more: string): Kind => ({
  program: '/usr/sbin/nginx',
  args: (file) => ['-c', file, '-e', 'stderr'],
  configuration: ({ host, port }, backendPort, folder) => `
    daemon off;
    master_process off;
    error_log stderr;
    pid ${folder}/pid;
    events {}
    http {
      access_log off;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      upstream portico { server 127.0.0.1:${backendPort}; keepalive 4; }
      server {
        listen ${host}:${port};
        ${more}
        location / {
          proxy_pass http://portico;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }
      }
    }`,
})

const haproxy: Kind = {
  program: '/usr/sbin/haproxy',
  args: (file) => ['-f', file],
  configuration: ({ host, port }, backendPort) => `
    global
      maxconn 64
    defaults
      mode http
      timeout connect 2s
      timeout client 5s
      timeout server 20s
      option forwardfor
      http-reuse always
    frontend people
      bind ${host}:${port}
      default_backend portico
    backend portico
      server one 127.0.0.1:${backendPort}
`,
}

/** The proxies by name. The last one is nginx as it comes, which the guide warns of. */
export const proxies = {
  nginx: nginxWith('underscores_in_headers on;'),
  HAProxy: haproxy,
  'nginx as it comes': nginxWith(''),
} as const satisfies Record<string, Kind>

/** Starts a proxy and waits until it listens. @throws Error with its own words, if it ends instead. */
export async function startProxy(
  name: keyof typeof proxies,
  place: OwnAddress,
  backendPort: number,
): Promise<RunningProxy> {
  const { program, args, configuration } = proxies[name]
  const folder = await mkdtemp(join(tmpdir(), 'portico-proxy-'))
  const file = join(folder, 'proxy.conf')
  await writeFile(file, `${configuration(place, backendPort, folder)}\n`)
  const child = spawn(program, args(file), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}; it said:\n${log}`)))
  })
  failed.catch(() => undefined)
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.race([failed, untilListening(place)])
    return { url: `http://${place.host}:${place.port}`, log: () => log, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A connection on which bytes were sent, of whatever kind. `using` closes it. */
export type Conversation = Disposable & {
  /** All that has come back. */
  heard(): string
  /** Waits until what has come back is enough; in vain if the other side ends, or says nothing more for ten seconds. */
  until(enough: (heard: string) => boolean): Promise<void>
}

/** Connects, and sends. */
export function openConversation(url: string, request: string): Conversation {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text
  })
  // A connection that is reset is an answer, too.
  socket.on('error', () => undefined)
  socket.setTimeout(10_000, () => socket.destroy())
  socket.write(Buffer.from(request.replaceAll('{host}', host), 'utf8'))
  const closed = once(socket, 'close')
  return {
    heard: () => heard,
    async until(enough) {
      while (!enough(heard) && !socket.closed) await Promise.race([once(socket, 'data'), closed])
    },
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

// Another process: there is nothing to await but the moment itself.
async function untilListening({ host, port }: OwnAddress): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const socket = connect(port, host)
    try {
      await once(socket, 'connect')
      return
    } catch {
      await delay(50)
    } finally {
      socket.destroy()
    }
  }
  throw new Error(`nothing listens on ${host}:${port}`)
}
