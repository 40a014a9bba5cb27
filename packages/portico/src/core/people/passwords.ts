/**
 * Passwords: hashing, verifying and choosing. Argon2id with 19 MiB, two passes and one lane: what OWASP recommends first, and
 * about 5 ms of one core.
 *
 * Hashing is the most expensive thing that a stranger can make a server do, so only so many hashes are worked on at once,
 * only so many wait, and the rest are told to come back.
 *
 * Not its job: counting attempts, which is done before a password is looked at.
 *
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */

import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'

/** Fewest characters (code points) of a password that is the only factor. NIST SP 800-63B-4 §3.1.1.2 */
export const MIN_PASSWORD_LENGTH = 15
/** Fewest characters of a password that never stands alone. */
export const MIN_PASSWORD_LENGTH_WITH_SECOND_FACTOR = 8
/** Most characters of a password. NIST asks for at least 64. */
export const MAX_PASSWORD_LENGTH = 256

/** So many passwords are being hashed that this one was not begun. Try again in a moment. */
export class TooBusyError extends Error {
  override name = 'TooBusyError'
}

/** For `.catch`: undefined when too many passwords were being hashed; any other failure is none of the person's. */
export function unlessBusy(error: unknown): undefined {
  if (!(error instanceof TooBusyError)) throw error
}

/** Hashing and verifying, within bounds of their own. */
export type Passwords = {
  hashPassword(password: string): Promise<string>
  verifyPassword(hash: string | null, password: string): Promise<boolean>
}

/** How many hashes are worked on at once, and how many more may wait. */
export type PasswordLimits = { inFlight: number; waiting: number }

/** With two at a time for each core and 64 waiting, the last in the queue waits about a third of a second. */
const cores = availableParallelism()
const shared = createPasswords({ inFlight: cores * 2, waiting: cores * 64 })

/** The password's argon2id hash as a PHC string. Throws `TooBusyError` when too many are waiting. */
export const hashPassword = shared.hashPassword

/**
 * Whether this is the password of the hash. Without a hash (no such user, or none with a password) the answer is no, after
 * the same work. Throws `TooBusyError` when too many are waiting.
 */
export const verifyPassword = shared.verifyPassword

/** 2 is argon2id. The package declares it as a constant enum, which erasable syntax cannot import. */
const ARGON2ID = 2
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** A hash of the same cost that belongs to no password. */
const NOBODY = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Passwords within given limits; the exported functions share one set for the process. */
export function createPasswords(limits: PasswordLimits): Passwords {
  const within = createQueue(limits)
  return {
    hashPassword: (password) => within(() => hash(normalise(password), COST)),
    verifyPassword: (stored, password) =>
      within(async () => {
        // What is too long to be a password is not hashed at its length, but takes as long as any other.
        const possible = stored !== null && lengthOf(password) <= MAX_PASSWORD_LENGTH
        const matches = await verify(possible ? stored : NOBODY, possible ? normalise(password) : '')
        return matches && possible
      }),
  }
}

/**
 * Why the password cannot be chosen, as a sentence for the person; undefined when it can. Length counts and nothing is asked
 * of its composition; what everybody would guess first is refused.
 */
export function checkNewPassword(
  password: string,
  { userName, minimum = MIN_PASSWORD_LENGTH }: { userName: string; minimum?: number },
): string | undefined {
  const length = lengthOf(password)
  if (length < minimum) {
    return `Use at least ${minimum} characters. A few words that do not belong together are easy to remember.`
  }
  if (length > MAX_PASSWORD_LENGTH) return `Use at most ${MAX_PASSWORD_LENGTH} characters.`
  const plain = plainForm(password)
  if (isRepetition(normalise(password).toLowerCase()) || isRepetition(plain) || isRow(plain) || COMMON.has(plain)) {
    return 'This is among the passwords that are guessed first. Choose another.'
  }
  const words = [plainForm(userName), ...CONTEXT].filter((word) => word.length >= 3 && plain.includes(word))
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), plain)
  if (words.length > 0 && rest.length < minimum / 2) {
    return 'Do not build the password on the user name, on the name of this service or on the word "password".'
  }
  return undefined
}

/**
 * The form that is hashed. NFKC, as NIST SP 800-63B advises: keyboards differ in how they compose letters and in how wide
 * they make them, and a person who types the same password elsewhere is the same person.
 */
function normalise(password: string): string {
  return password.normalize('NFKC')
}

/** In code points of the normal form, as NIST counts. */
function lengthOf(password: string): number {
  return [...normalise(password)].length
}

/** What lists are compared by: letters and digits, without case. */
function plainForm(text: string): string {
  return normalise(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Whether the text says one piece of at most eight characters over and over. */
function isRepetition(text: string): boolean {
  const pieces = [1, 2, 3, 4, 5, 6, 7, 8]
    .filter((length) => length * 2 <= text.length)
    .map((length) => text.slice(0, length))
  return pieces.some((piece) => piece.repeat(Math.ceil(text.length / piece.length)).startsWith(text))
}

/** Keys, letters and digits in the order in which they lie. */
const ROWS = [
  '1234567890',
  '0987654321',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
]

function isRow(plain: string): boolean {
  return (
    plain.length > MIN_PASSWORD_LENGTH / 2 && ROWS.some((row) => row.repeat(MAX_PASSWORD_LENGTH / 8).includes(plain))
  )
}

/** Words that a guesser tries here before others. */
const CONTEXT = ['portico', 'password']

/** Passwords of eight characters and more that lead the public lists, and phrases that everybody knows, in plain form. */
const COMMON = new Set(
  `iloveyou iloveyou1 iloveyou2 sunshine sunshine1 princess princess1 football football1 baseball baseball1 superman
  superman1 trustno1 welcome1 welcome123 letmein1 letmein123 qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyuiop password
  password1 password12 password123 password1234 passw0rd passw0rd1 p4ssw0rd p4ssword admin123 admin1234 admin12345 administrator
  administrator1 root1234 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx zaq1zaq1 abc12345 abcd1234 abc123456 a1b2c3d4 aa123456
  asdf1234 asdfghjkl asdfasdf dragon12 dragon123 monkey12 monkey123 michael1 charlie1 computer computer1 internet starwars
  whatever changeme changeme1 changeme123 jennifer victoria samantha alexander christian benjamin nicholas jonathan
  liverpool liverpool1 chelsea1 arsenal1 barcelona juventus corvette mercedes ferrari1 bluebird mountain snowball
  butterfly chocolate cheese123 pokemon1 pokemon123 minecraft minecraft1 spiderman batman123 blink182 metallica nirvana1
  qazwsxedc 1qazxsw2 q1w2e3r4 q1w2e3r4t5 test1234 testtest guest123 hello123 hello1234 secret123 master123 login123
  summer2025 winter2025 summer2026 winter2026 spring2026 autumn2026 123456789a a123456789 12345678910 1234567891
  987654321a lovely123 forever1 freedom1 jordan23 michelle ashley12 babygirl rockyou1 danielle lovelove
  1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb zaq12wsxcde34rfv qazwsxedcrfvtgb
  qazwsxedcrfvtgbyhnujm qwertyuiop12345 qwertyuiop123456 qwertyuiop1234567890 1234567890qwertyuiop 123456789qwertyuiop
  asdfghjklqwertyuiop qwerty1234567890 abcdefg123456789 abcd1234567890ab a1b2c3d4e5f6g7h8 password12345678
  password123456789 password1234567890 administrator123 administrator1234 letmeinletmein1 changemechangeme1
  thisismypassword thisisapassword thisisasecurepassword mypasswordispassword iforgotmypassword idontknowmypassword
  correcthorsebatterystaple thequickbrownfox thequickbrownfoxjumpsoverthelazydog maytheforcebewithyou
  tobeornottobethatisthequestion twinkletwinklelittlestar supercalifragilisticexpialidocious nevergonnagiveyouup
  winteriscoming2024 iloveyousomuch123 ilovemyfamily123 jesuschristislord jesuslovesmeyesiknow godisgoodallthetime
  liverpoolfootballclub manchesterunited theanswertolifeis42 itwasthebestoftimes onceuponatime123 opensesameopensesame
  welcometothejungle trustno1trustno1x`.split(/\s+/),
)

type Run = <T>(work: () => Promise<T>) => Promise<T>

/** Runs work a few at a time, first come, first served, and refuses what would wait behind too many. */
function createQueue({ inFlight, waiting }: PasswordLimits): Run {
  const queue: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= inFlight) {
      if (queue.length >= waiting)
        throw new TooBusyError('Too many passwords are being checked. Try again in a moment.')
      // Whoever finishes hands its place on, so `running` does not change and nobody slips in between.
      await new Promise<void>((resolve) => queue.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
