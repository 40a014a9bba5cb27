/**
 * Debian's nginx and HAProxy in front of a listener, set up as the guide says, each as a process of its own in a folder of
 * its own. Both keep their connections to the server open and send many people's requests over one: that is where two
 * readers must agree on where a request ends.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A proxy that runs. `await using` ends it. */
export type RunningProxy = { url: string; log(): string; [Symbol.asyncDispose](): Promise<void> }

/** A kind of proxy: its program, its configuration file for these two ports, and how it is started with it. */
type Kind = {
  program: string
  configuration: (port: number, backendPort: number, folder: string) => string
  args: (file: string) => string[]
}

const nginxWith = (more: string): Kind => ({
  program: '/usr/sbin/nginx',
  args: (file) => ['-c', file, '-e', 'stderr'],
  configuration: (port, backendPort, folder) => `
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
        listen 127.0.0.1:${port};
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
  configuration: (port, backendPort) => `
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
      bind 127.0.0.1:${port}
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

/** A port that is free now, to be told to both sides before either listens. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('a listener on TCP without a port')
  return address.port
}

/** Starts a proxy and waits until it listens. @throws Error with its own words, if it ends instead. */
export async function startProxy(name: keyof typeof proxies, port: number, backendPort: number): Promise<RunningProxy> {
  const { program, args, configuration } = proxies[name]
  const folder = await mkdtemp(join(tmpdir(), 'portico-proxy-'))
  const file = join(folder, 'proxy.conf')
  await writeFile(file, `${configuration(port, backendPort, folder)}\n`)
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
    await Promise.race([failed, untilListening(port)])
    return { url: `http://127.0.0.1:${port}`, log: () => log, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

// Another process: there is nothing to await but the moment itself.
async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      await delay(50)
    } finally {
      socket.destroy()
    }
  }
  throw new Error(`nothing listens on port ${port}`)
}
