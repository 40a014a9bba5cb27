/** `portico serve`: composes the server, listens, says so, and ends in order. The only place where everything meets. */
import { once } from 'node:events'
import { resolve as resolvePath } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import type { Deps } from '../../core/deps.ts'
import { openInstance } from '../../core/instance.ts'
import { systemRandom } from '../../core/keys/random.ts'
import { createSetupLink } from '../../core/people/people.ts'
import { createApp } from '../../server/app.ts'
import { createMetrics, type Metrics } from '../../server/metrics.ts'
import { type Application, type Listening, listen } from '../../server/node.ts'
import { createOperator } from '../../server/operator.ts'
import { fetchDocument } from '../../server/outbound/fetch-document.ts'
import { createBrokers, PARTITION } from '../brokers.ts'
import { followCertificate, readCertificate } from '../certificate.ts'
import { openData } from '../data/open-data.ts'
import { previousRootKeyOf, rootKeyFor } from '../data/root-key.ts'
import { announce, renderAnnouncement } from '../demo/announcement.ts'
import { type DemoPerson, prepareDemo } from '../demo/demo.ts'
import { refuseExposure } from '../exposure.ts'
import { Failure } from '../failure.ts'
import { followOrganization, keepHouse } from '../housekeeping.ts'
import { openMailer } from '../mail.ts'
import type { ResolvedSettings } from '../resolve-settings.ts'
import type { Settings } from '../settings.ts'

/** How requests in hand are treated at the end, in milliseconds: AWS tools wait longer for an answer. */
const GRACE = 10_000

/** What `serve` is told beside the settings. */
export type ServeOptions = {
  /** Put the demo organization into an empty database, and print its passwords. */
  demo: boolean
  /** Print one line of JSON in place of words. */
  json: boolean
}

/**
 * Serves until SIGINT or SIGTERM, then finishes what was begun and returns.
 *
 * @throws Failure when it cannot start; nothing that was opened stays open
 */
export async function serve({ values, origins, warnings }: ResolvedSettings, options: ServeOptions): Promise<void> {
  refuseExposure(values)
  const stopped = stopSignal()
  // Who tries the demo reads the terminal; requests would scroll the passwords away.
  const level = options.demo && origins.logLevel === 'default' ? 'warn' : values.logLevel
  const log = pino({ level }, pino.destination({ fd: 2, sync: true }))
  for (const warning of warnings) log.warn(warning)
  const metrics = createMetrics()
  const clock = () => Date.now()
  const { host, port, trustedProxies } = values
  const where = { host, port, trustedProxies, certificate: readCertificate(values) }
  await refuseTakenPorts(
    [where, '--port'],
    ...(options.demo ? [] : [[operatorPlace(values), '--operator-port'] as const]),
  )

  await using parts = new AsyncDisposableStack()
  const { storage } = parts.use(await openData(values, { create: true, lock: true }))
  const mailer = await openMailer(values, (subject, err) => log.error({ subject, err }, 'a letter could not be sent'))
  if (mailer !== null) parts.defer(() => mailer.close())
  const onErrandFailure = (err: unknown) => log.error({ err }, 'what was to be done behind an answer was not done')
  const deps = await openDeps(values, storage, { mailer, onErrandFailure, clock })
  parts.defer(() => deps.errands.done())
  parts.defer(() => deps.auditQueue.flush())
  parts.defer(() => deps.sessionUses.flush())
  parts.defer(() => deps.signInUses.flush())
  parts.defer(await followOrganization(deps))
  const people = options.demo ? await prepareDemo(deps, clock()) : []
  parts.defer(keepHouse(deps, log, clock))

  const app = createApp({ deps, logger: metrics.observing(log), clock })
  const listening = await listenOn(app, where, '--port')
  parts.defer(() => listening.close(GRACE))
  const complain = (err: unknown) => log.error({ err }, 'the certificate was not renewed; the one before stays')
  parts.defer(followCertificate(values, listening.renew, complain))
  deps.settings.origin = values.publicUrl ?? listening.url

  let stopping = false
  const operator = await listenForOperator(deps, metrics, values, options.demo, () => stopping)
  if (typeof operator === 'string') log.warn(operator)
  else {
    log.info({ url: operator.url }, 'health, readiness and metrics')
    parts.defer(() => operator.close(1_000))
  }

  await say(deps, values, listening, people, options, clock())
  await stopped
  stopping = true
  log.info('stopping: no new requests are accepted, those in hand are finished')
}

async function openDeps(
  values: Settings,
  storage: Deps['storage'],
  around: Pick<Parameters<typeof openInstance>[0], 'mailer' | 'onErrandFailure' | 'clock'>,
): Promise<Deps> {
  const initialised = (await storage.readInstance({})) !== undefined
  const { key, madeAt } = rootKeyFor(values, initialised)
  if (madeAt !== undefined) {
    console.error(
      `A new root key is in ${madeAt}. Back it up apart from the database: without it the database is of no use.`,
    )
  }
  const { region, startUrlAliases, supportEmail } = values
  const { registrationsPerSecond, deviceGrantsPerSecond, pendingDeviceGrants, mintsPerSecond } = values
  const settings = {
    // Known for certain once the port is; nobody can ask before.
    origin: values.publicUrl ?? '',
    ...{ region, startUrlAliases, supportEmail: supportEmail ?? null, partition: PARTITION },
    ...{
      sessionDuration: 0,
      sessionIdleDuration: null,
      signInIdleDuration: 0,
      requireSecondFactor: false,
      deviceFlow: 'step-up' as const,
    }, // the organization's: see followOrganization
    limits: { registrationsPerSecond, deviceGrantsPerSecond, pendingDeviceGrants, mintsPerSecond },
  }
  const brokers: Parameters<typeof openInstance>[0]['brokers'] = (sealer) => createBrokers(sealer, systemRandom)
  try {
    return await openInstance({
      storage,
      rootKey: key,
      previousRootKey: previousRootKeyOf(values),
      random: systemRandom,
      settings,
      fetchDocument,
      brokers,
      pause: (ms, signal) => pause(ms, undefined, { signal }),
      ...around,
    })
  } catch (error) {
    if (!(error instanceof Error) || !/root key/.test(error.message)) throw error
    throw new Failure('data', error.message, { cause: error })
  }
}

type Place = Parameters<typeof listen>[1]

/**
 * Whoever starts a second server by mistake gets no data folder and no root key from it. All are held at once, so that two that
 * are one port are found as well.
 */
async function refuseTakenPorts(...places: readonly (readonly [Place, flag: string])[]): Promise<void> {
  const nobody = { fetch: () => Response.error() }
  await using probes = new AsyncDisposableStack()
  for (const [{ host, port }, flag] of places) {
    const probe = await listenOn(nobody, { host, port }, flag)
    probes.defer(() => probe.close(0))
  }
}

async function listenOn(app: Application, where: Place, flag: string): Promise<Listening> {
  try {
    return await listen(app, where)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reasons: Record<string, string> = {
      EADDRINUSE: `Another program listens on ${where.host}:${where.port}. Stop it, or choose another port with ${flag}.`,
      EACCES: `This user may not listen on port ${where.port}. Choose one above 1023 with ${flag}.`,
      EADDRNOTAVAIL: `This machine has no address ${where.host}. Choose another with ${flag.replace('port', 'host')}.`,
      ENOTFOUND: `The name ${where.host} has no address. Choose another with ${flag.replace('port', 'host')}.`,
    }
    const reason = reasons[code ?? '']
    throw reason === undefined ? error : new Failure('network', reason, { cause: error })
  }
}

/** The operator's listener, or under `--demo` why there is none: whoever tries two demos at once needs no metrics. */
async function listenForOperator(
  deps: Deps,
  metrics: Metrics,
  values: Settings,
  demo: boolean,
  stopping: () => boolean,
): Promise<Listening | string> {
  const notReady = async () => {
    if (stopping()) return 'stopping'
    const answer = deps.storage.readInstance({}).then(
      () => undefined,
      () => 'the database does not answer',
    )
    return Promise.race([answer, late('the database does not answer in time')])
  }
  const app = createOperator({ notReady, metrics: metrics.read })
  try {
    return await listenOn(app, operatorPlace(values), '--operator-port')
  } catch (error) {
    if (!demo || !(error instanceof Failure)) throw error
    return `There is no health and metrics listener: ${error.message}`
  }
}

function operatorPlace({ port, operatorHost, operatorPort }: Settings): Place {
  const next = port === 0 || port === 65_535 ? 0 : port + 1
  return { host: operatorHost, port: operatorPort ?? next }
}

function late(reason: string): Promise<string> {
  return new Promise((resolve) => setTimeout(resolve, 1_000, reason).unref())
}

async function say(
  deps: Deps,
  values: Settings,
  listening: Listening,
  people: DemoPerson[],
  { demo, json }: ServeOptions,
  now: number,
): Promise<void> {
  const announcement = await announce(deps, resolvePath(values.data), people)
  console.log(json ? JSON.stringify(announcement) : renderAnnouncement(announcement, listening.url))
  if (demo || (await deps.storage.hasAdministrator({}))) return
  // On standard error, so that a program that reads the JSON line meets nothing else there.
  console.error(
    `Nobody can administer this instance yet. Whoever opens this link first can, within a day and once:\n\n  ${await createSetupLink(deps, 'portico serve', now)}\n`,
  )
}

/** Resolves at the first signal to stop; a second one ends the process at once, as people expect of a second Ctrl-C. */
async function stopSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  process.once('SIGINT', () => process.exit(130))
}
