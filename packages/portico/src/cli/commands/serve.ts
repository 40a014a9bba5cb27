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

  await using parts = new AsyncDisposableStack()
  // The ports come first, and stay: whoever starts a second server by mistake gets no data folder and no root key from it, and
  // no other program gets a port while this one opens its data. Who asks meanwhile waits.
  const app = Promise.withResolvers<Application>()
  const listening = await listenOn(app.promise, where, '--port')
  parts.defer(() => listening.close(0))
  const state: State = { stopping: false, storage: undefined }
  const operator = await listenForOperator(state, metrics, values, options.demo)
  if (typeof operator !== 'string') parts.defer(() => operator.close(1_000))

  const { storage } = parts.use(await openData(values, { create: true, lock: true }))
  const mailer = await openMailer(values, (subject, err) => log.error({ subject, err }, 'a letter could not be sent'))
  if (mailer !== null) parts.defer(() => mailer.close())
  const onErrandFailure = (err: unknown) => log.error({ err }, 'what was to be done behind an answer was not done')
  const origin = values.publicUrl ?? listening.url
  const deps = await openDeps(values, origin, storage, { mailer, onErrandFailure, clock })
  parts.defer(() => deps.errands.done())
  parts.defer(() => deps.auditQueue.flush())
  parts.defer(() => deps.sessionUses.flush())
  parts.defer(() => deps.signInUses.flush())
  parts.defer(await followOrganization(deps))
  const people = options.demo ? await prepareDemo(deps, clock()) : []
  parts.defer(keepHouse(deps, log, clock))

  app.resolve(createApp({ deps, logger: metrics.observing(log), clock }))
  parts.defer(() => listening.close(GRACE))
  const complain = (err: unknown) => log.error({ err }, 'the certificate was not renewed; the one before stays')
  parts.defer(followCertificate(values, listening.renew, complain))
  state.storage = storage
  if (typeof operator === 'string') log.warn(operator)
  else log.info({ url: operator.url }, 'health, readiness and metrics')

  await say(deps, values, listening, people, options, clock())
  await stopped
  state.stopping = true
  log.info('stopping: no new requests are accepted, those in hand are finished')
}

async function openDeps(
  values: Settings,
  origin: string,
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
    ...{ origin, region, startUrlAliases, supportEmail: supportEmail ?? null, partition: PARTITION },
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

async function listenOn(app: Application | Promise<Application>, where: Place, flag: string): Promise<Listening> {
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
    if (code === undefined) throw error
    const otherwise = `${where.host}:${where.port} cannot be listened on (${code}). Choose another port with ${flag}.`
    throw new Failure('network', reasons[code] ?? otherwise, { cause: error })
  }
}

/** How far the server is, for its operator: `storage` is there once requests are answered. */
type State = { stopping: boolean; storage: Deps['storage'] | undefined }

/** The operator's listener, or under `--demo` why there is none: whoever tries two demos at once needs no metrics. */
async function listenForOperator(
  state: State,
  metrics: Metrics,
  values: Settings,
  demo: boolean,
): Promise<Listening | string> {
  const notReady = async () => {
    if (state.stopping) return 'stopping'
    if (state.storage === undefined) return 'starting'
    const answer = state.storage.readInstance({}).then(
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
