/**
 * Every setting of the server in one table: what it is called in `portico.yaml`, in the environment and as a flag, what it
 * may be, what it is when nobody says, and one sentence for the person who sets it. Flags count more than the environment,
 * the environment more than the file. Opening the file is not its job, and neither is the organization, which is data.
 */

import { isIP } from 'node:net'
import * as v from 'valibot'

/** What the three sources hand over: a text, or in the file also a list of texts. */
export type Written = string | string[]

export type Setting<T> = {
  /** From text, whatever the source. */
  schema: v.GenericSchema<Written, T>
  /** The text that counts when nobody says anything; undefined when there is a rule instead, which `docs` then gives. */
  fallback?: string
  docs: string
  /** What stands for the value in the help; none for a switch. */
  argument?: string
  /** Never printed, and no flag: every process of a machine can read the arguments of every other. */
  secret?: true
}

const text = v.pipe(v.string('A text is expected here.'), v.nonEmpty('This must not be empty.'))

const port = v.pipe(
  text,
  v.regex(/^\d{1,5}$/, 'A port is a number from 0 to 65535.'),
  v.transform(Number),
  v.maxValue(65_535, 'A port is a number from 0 to 65535.'),
)

const count = v.pipe(
  text,
  v.regex(/^\d{1,9}$/, 'A whole number from 0 to 999999999 is expected here.'),
  v.transform(Number),
)

const yesOrNo = v.pipe(
  v.picklist(['true', 'false'], 'Write `true` or `false`.'),
  v.transform((written) => written === 'true'),
)

const listOf = <T extends string>(item: v.GenericSchema<string, T>) =>
  v.pipe(
    v.union([v.string(), v.array(v.string())], 'A list is expected here.'),
    v.transform((written) => (typeof written === 'string' ? written.split(',').map((part) => part.trim()) : written)),
    v.transform((items) => items.filter((part) => part !== '')),
    v.array(item),
  )

const origin = v.pipe(
  text,
  v.check(
    (written) => URL.parse(written)?.origin === written,
    'An origin is expected here: scheme, host and perhaps port, such as `https://portico.example.com`.',
  ),
  v.check(
    (written) => /^https?:/.test(written),
    'An origin begins with `https://` (or `http://`, on this machine only).',
  ),
)

const startUrl = v.pipe(
  text,
  v.check((written) => URL.parse(written)?.protocol === 'https:', 'A start URL begins with `https://`.'),
)

const network = v.pipe(
  text,
  v.check(isNetwork, 'An address or a network is expected here, such as `10.0.0.7` or `10.0.0.0/8`.'),
)

/** The table. The order is that of the documentation. */
export const settings = {
  host: {
    schema: text,
    fallback: '127.0.0.1',
    argument: 'address',
    docs: 'Address to listen on. Beyond loopback only with `tlsCert` or `tlsTerminated`.',
  },
  port: {
    schema: port,
    fallback: '8000',
    argument: 'number',
    docs: 'Port to listen on; 0 lets the system choose.',
  },
  data: {
    schema: text,
    fallback: './portico-data',
    argument: 'folder',
    docs: 'Folder of the embedded database and of the root key. Made when it is not there.',
  },
  database: {
    schema: v.pipe(
      text,
      v.check(
        (written) => /^postgres(ql)?:$/.test(URL.parse(written)?.protocol ?? ''),
        'A database is given as `postgres://…`. Leave it out for the embedded one.',
      ),
    ),
    secret: true,
    docs: 'PostgreSQL for several nodes, as a URL. Without it an embedded database in the data folder.',
  },
  rootKey: {
    schema: v.pipe(
      text,
      v.check(
        (written) => Buffer.from(written, 'base64').length === 32,
        'The root key is 32 bytes, written in base64.',
      ),
    ),
    secret: true,
    docs: 'The key that wraps all other keys. Without it the file `root.key` in the data folder, made on the first start.',
  },
  rootKeyFile: {
    schema: text,
    argument: 'file',
    docs: 'File that holds the root key, if it is elsewhere than in the data folder. Read by this user alone (mode 0600).',
  },
  rootKeyCommand: {
    schema: text,
    argument: 'command',
    docs: 'Command that prints the root key in base64, such as that of a key management service. Run by the shell at the start.',
  },
  previousRootKey: {
    schema: v.pipe(
      text,
      v.check(
        (written) => Buffer.from(written, 'base64').length === 32,
        'The root key is 32 bytes, written in base64.',
      ),
    ),
    secret: true,
    docs: 'While the root key is changed: the one before it. `portico keys rewrap` makes it needless.',
  },
  publicUrl: {
    schema: origin,
    argument: 'origin',
    docs: 'The origin that people and their tools use. Without it the address that is listened on.',
  },
  tlsTerminated: {
    schema: yesOrNo,
    fallback: 'false',
    docs: 'Say that something in front of this server speaks TLS, and that nobody can pass it by.',
  },
  tlsCert: {
    schema: text,
    argument: 'file',
    docs: 'Certificate to speak TLS with, in PEM, followed by those that vouch for it. Read again when it changes.',
  },
  tlsKey: {
    schema: text,
    argument: 'file',
    docs: 'Key of the certificate, in PEM.',
  },
  trustedProxies: {
    schema: listOf(network),
    fallback: '',
    argument: 'networks',
    docs: 'Proxies whose word about the address of a client counts. None unless named.',
  },
  region: {
    schema: v.pipe(text, v.regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'A region is expected here, such as `eu-central-1`.')),
    fallback: 'us-east-1',
    argument: 'region',
    docs: 'The region that this instance says it is in.',
  },
  startUrlAliases: {
    schema: listOf(startUrl),
    fallback: '',
    argument: 'urls',
    docs: 'Start URLs that clients may send instead of our own, such as that of the Identity Center before this one.',
  },
  supportEmail: {
    schema: v.pipe(text, v.regex(/^[^\s@]+@[^\s@]+$/, 'This is not an email address.')),
    argument: 'address',
    docs: 'Where people turn to when something is wrong. Shown on pages; none unless given.',
  },
  smtpUrl: {
    schema: v.pipe(
      text,
      v.check(
        (written) => /^smtps?:$/.test(URL.parse(written)?.protocol ?? '') && URL.parse(written)?.hostname !== '',
        'A mail server is given as `smtps://user:password@mail.example.com`.',
      ),
    ),
    secret: true,
    docs: 'The mail server that carries invitations, links for new passwords and notices, as a URL. Without it links are printed.',
  },
  mailFrom: {
    schema: v.pipe(
      text,
      v.regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'This is not a sender, such as `Portico <sso@example.com>`.'),
    ),
    argument: 'sender',
    docs: 'From whom letters come. Needed with `smtpUrl`.',
  },
  registrationsPerSecond: {
    schema: count,
    fallback: '50',
    argument: 'number',
    docs: 'RegisterClient calls that one address may make in a second. 0 means no limit, here and below.',
  },
  deviceGrantsPerSecond: {
    schema: count,
    fallback: '5',
    argument: 'number',
    docs: 'StartDeviceAuthorization calls that one address may make in a second.',
  },
  pendingDeviceGrants: {
    schema: count,
    fallback: '1000',
    argument: 'number',
    docs: 'Device sign-ins of one address, of IPv6 one /56, that may wait for a decision at once.',
  },
  mintsPerSecond: {
    schema: count,
    fallback: '500',
    argument: 'number',
    docs: 'GetRoleCredentials calls that one person may make in a second.',
  },
  operatorHost: {
    schema: text,
    fallback: '127.0.0.1',
    argument: 'address',
    docs: 'Address for health, readiness and metrics. It has no sign-in: keep it off public networks.',
  },
  operatorPort: {
    schema: port,
    argument: 'number',
    docs: 'Port for health, readiness and metrics. Without it the next one after `port`.',
  },
  logLevel: {
    schema: v.picklist(
      ['silent', 'error', 'warn', 'info', 'debug'],
      'Write `silent`, `error`, `warn`, `info` or `debug`.',
    ),
    fallback: 'info',
    argument: 'level',
    docs: 'How much is logged, as lines of JSON on standard error. Under `--demo` only warnings, unless this is set.',
  },
} satisfies Record<string, Setting<unknown>>

type Table = typeof settings
export type SettingName = keyof Table

/** Every setting's value. A setting without fallback may be undefined. */
export type Settings = {
  [Name in SettingName]: Table[Name] extends { fallback: string }
    ? v.InferOutput<Table[Name]['schema']>
    : v.InferOutput<Table[Name]['schema']> | undefined
}

/** The names, in the table's order. */
export const settingNames = Object.keys(settings) as SettingName[] // the keys of a literal

/** What the names of all settings begin with in the environment. */
export const ENVIRONMENT_PREFIX = 'PORTICO_'

/** A setting's name in the environment: `publicUrl` is `PORTICO_PUBLIC_URL`. */
export function environmentName(name: string): string {
  return `${ENVIRONMENT_PREFIX}${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`
}

/** A setting's flag: `publicUrl` is `--public-url`. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, '-$&').toLowerCase()}`
}

function isNetwork(written: string): boolean {
  const [address = '', bits, ...rest] = written.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32))
}
