/** `portico user`: the people of the directory, their passwords, and the link by which the first administrator comes in. */
import { readFileSync } from 'node:fs'
import { systemRandom } from '../../core/keys/random.ts'
import { checkNewPassword, hashPassword } from '../../core/people/passwords.ts'
import { createSetupLink, SETUP_LINK_LIFE } from '../../core/people/people.ts'
import { REVOCATION_LIFE } from '../../core/sessions/tokens.ts'
import { duration } from '../client/terminal.ts'
import { openData } from '../data/open-data.ts'
import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'
import { commandEvent, knownUser } from './known-user.ts'

/** A person as `user list` shows them. */
type Listed = { userName: string; displayName: string; administrator: boolean; enabled: boolean; hasPassword: boolean }

/** Prints the people of the directory, by user name. */
export async function listUsers(settings: Settings, { json }: { json: boolean }): Promise<void> {
  await using data = await openData(settings, { create: false })
  const people: Listed[] = []
  for (const { userName } of (await data.storage.readOrganization({})).users) {
    const user = await data.storage.findUserByName({ userName })
    if (user === undefined) continue // deleted a moment ago
    const { displayName, administrator, enabled, passwordHash } = user
    people.push({ userName: user.userName, displayName, administrator, enabled, hasPassword: passwordHash !== null })
  }
  if (json) return console.log(JSON.stringify(people))
  const width = Math.max(0, ...people.map(({ userName }) => userName.length))
  for (const person of people) console.log(`${person.userName.padEnd(width)}  ${describe(person)}`)
  if (people.length === 0)
    console.log('Nobody is here yet. Describe people in an organization file and run `portico apply`.')
}

function describe({ displayName, administrator, enabled, hasPassword }: Listed): string {
  const remarks = [administrator && 'administrator', !enabled && 'disabled', !hasPassword && 'no password yet']
  const said = remarks.filter((remark) => remark !== false).join(', ')
  return said === '' ? displayName : `${displayName} (${said})`
}

/**
 * Sets a password, asked for at the terminal or read from standard input; never an argument, which every process of the
 * machine could read. Ends the person's sessions and sign-ins.
 *
 * @throws Failure when there is no such person or the password will not do
 */
export async function setPassword(settings: Settings, userName: string): Promise<void> {
  await using data = await openData(settings, { create: false })
  const { storage } = data
  const user = await knownUser(storage, userName)
  const password = process.stdin.isTTY ? await ask(user.userName) : fromStandardInput()
  const fault = checkNewPassword(password, { userName: user.userName })
  if (fault !== undefined) throw new Failure('error', `The password was not set. ${fault}`)
  const passwordHash = await hashPassword(password)
  const now = Date.now()
  await storage.setPassword({
    ...{ userName: user.userName, passwordHash, now },
    endSessions: true,
    revokedUntil: now + REVOCATION_LIFE,
    audit: commandEvent('portico user', 'SetPassword', user.id, {}, now),
  })
  console.log(`The password of ${user.userName} is set. Where they were signed in, they sign in again.`)
}

function fromStandardInput(): string {
  const text = readFileSync(0, 'utf8').replace(/\r?\n$/, '')
  if (/[\r\n]/.test(text))
    throw new Failure('error', 'Standard input holds more than one line. Give the password alone.')
  if (text === '')
    throw new Failure('error', 'Standard input holds no password. Give it there, or run this at a terminal.')
  return text
}

async function ask(userName: string): Promise<string> {
  const { isCancel, password: prompt } = await import('@clack/prompts')
  const cancelled = () => new Failure('error', 'The password was not set.')
  const password = await prompt({
    message: `New password for ${userName}`,
    validate: (typed) => checkNewPassword(typed ?? '', { userName }),
  })
  if (isCancel(password)) throw cancelled()
  const again = await prompt({
    message: 'The same again',
    validate: (typed) => (typed === password ? undefined : 'The two differ.'),
  })
  if (isCancel(again)) throw cancelled()
  return password
}

/** Prints a one-time link by which an administrator sets themselves up. Earlier links are void. */
export async function printSetupLink(settings: Settings): Promise<void> {
  await using data = await openData(settings, { create: false })
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const origin = settings.publicUrl ?? `http://${host}:${settings.port}`
  const deps = { storage: data.storage, random: systemRandom, settings: { origin } }
  console.log(await createSetupLink(deps, 'portico user', Date.now()))
  // On standard error, so that a program that reads the link meets nothing else.
  console.error(`It works once, within ${duration(SETUP_LINK_LIFE)}.`)
}
