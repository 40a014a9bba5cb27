/** `portico user invite`, `reset-link` and `reset-factors`: the ways in for people who have none, or none any more. */
import { resetFactors as reset } from '../../core/factors/reset.ts'
import { systemRandom } from '../../core/keys/random.ts'
import { invite, LINK_LIFE } from '../../core/people/person-links.ts'
import type { PersonLink } from '../../storage/storage.ts'
import { duration } from '../client/terminal.ts'
import { openData } from '../data/open-data.ts'
import { Failure } from '../failure.ts'
import { openMailer } from '../mail.ts'
import type { Settings } from '../settings.ts'
import { knownUser } from './known-user.ts'

/** Whoever runs commands on this machine has no name here. */
const BY = { userId: null, address: null, userAgent: 'portico user' }

/** What a command here needs of the settings. */
type Needed = Pick<
  Settings,
  'data' | 'database' | 'host' | 'port' | 'publicUrl' | 'smtpUrl' | 'mailFrom' | 'supportEmail'
>

/**
 * Makes a one-time link for a person and prints it, or with `mail` sends it. Earlier links of theirs are void.
 *
 * @throws Failure when there is no such person or they are disabled, or there is nothing to send the letter with or to
 */
export async function makeLink(
  settings: Needed,
  userName: string,
  purpose: PersonLink['purpose'],
  { mail }: { mail: boolean },
): Promise<void> {
  await using parts = new AsyncDisposableStack()
  const { storage } = parts.use(await openData(settings, { create: false }))
  const user = await knownUser(storage, userName)
  const post = await openPost(settings, parts)
  if (mail && post.mailer === null)
    throw new Failure(
      'configuration',
      'No mail server is set. Set PORTICO_SMTP_URL, or leave --mail out and hand the link over.',
    )
  if (mail && user.email === null)
    throw new Failure('error', `${user.userName} has no e-mail address. Leave --mail out and hand the link over.`)
  const deps = { storage, random: systemRandom, settings: post.settings, mailer: mail ? post.mailer : null }
  const made = await invite(deps, user, purpose, BY, Date.now())
  if (made === undefined)
    throw new Failure(
      'error',
      `${user.userName} is disabled, and no link lets them in. \`portico user enable ${user.userName}\` comes first.`,
    )
  if (!mail) {
    console.log(made.link)
    // On standard error, so that a program that reads the link meets nothing else.
    return console.error(`It works once, within ${duration(LINK_LIFE[purpose])}.`)
  }
  await post.sent()
  console.log(`A link is on its way to ${user.email}.`)
}

/**
 * Takes every factor of a person away but the password, signs them out everywhere and tells them.
 *
 * @throws Failure when there is no such person
 */
export async function resetFactors(settings: Needed, userName: string): Promise<void> {
  await using parts = new AsyncDisposableStack()
  const { storage } = parts.use(await openData(settings, { create: false }))
  const user = await knownUser(storage, userName)
  const post = await openPost(settings, parts)
  await reset({ storage, ...post }, user, BY, Date.now())
  await post.sent().catch((error: Error) => console.error(error.message))
  const told = post.mailer !== null && user.email !== null ? 'They are told by letter' : 'Tell them'
  console.log(
    `${user.userName} has no passkey, no app and no recovery codes any more, and is signed out everywhere. ${told}; their next sign-in says it too.`,
  )
  if (user.passwordHash === null)
    console.log(`They have no password either. \`portico user reset-link ${user.userName}\` makes them a way in.`)
}

/** What writes to people, and a way to wait until what was written is handed over. */
async function openPost(settings: Needed, parts: AsyncDisposableStack) {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const origin = settings.publicUrl ?? `http://${host}:${settings.port}`
  const failures: Failure[] = []
  const mailer = await openMailer(settings, (subject, error) => {
    const reason = error instanceof Error ? error.message : String(error)
    failures.push(new Failure('network', `The letter “${subject}” could not be sent: ${reason}`, { cause: error }))
  })
  if (mailer !== null) parts.defer(() => mailer.close())
  return {
    mailer,
    settings: { origin, supportEmail: settings.supportEmail ?? null },
    async sent() {
      await mailer?.close()
      for (const failure of failures) throw failure
    },
  }
}
