import { incomplete } from './refusal.ts'

/** The one algorithm that is accepted: SigV4A and whatever comes after it have other rules, and other readers. */
export const algorithm = 'AWS4-HMAC-SHA256'

/** The last part of every credential scope. */
export const terminator = 'aws4_request'

/** What a signature says about itself, before any of it is believed. */
export type AuthorizationHeader = {
  accessKeyId: string
  scope: CredentialScope
  /** Lower-case header names in ascending order, each once. */
  signedHeaders: readonly string[]
  /** As sent; not yet known to be hexadecimal, nor of the right length. */
  signature: string
}

/** What a signing key is good for: one day, one region, one service. */
export type CredentialScope = {
  /** `YYYYMMDD`, UTC. */
  date: string
  region: string
  service: string
}

/**
 * Reads an `Authorization` header. Strictly: each of the three parts exactly once and nothing else, because a reader that
 * skips what it does not know gives an attacker a place to put what another reader does know.
 *
 * @throws SigV4Refusal of kind `incomplete`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function parseAuthorizationHeader(value: string): AuthorizationHeader {
  const found = /^(\S+)[ \t]+(.*)$/.exec(value)
  if (found?.[1] !== algorithm) {
    throw incomplete(`The Authorization header must begin with ${algorithm}; no other algorithm is accepted.`)
  }
  const parts = parseParts(found[2] ?? '')
  return {
    ...parseCredential(parts.Credential),
    signedHeaders: parseSignedHeaders(parts.SignedHeaders),
    signature: parts.Signature,
  }
}

const partNames = ['Credential', 'SignedHeaders', 'Signature'] as const

type PartName = (typeof partNames)[number]

function parseParts(text: string): Record<PartName, string> {
  const parts: Partial<Record<PartName, string>> = {}
  for (const part of text.split(',')) {
    const [, key, value] = /^[ \t]*([A-Za-z]+)=([!-~]+)[ \t]*$/.exec(part) ?? []
    const name = partNames.find((known) => known === key)
    if (name === undefined || value === undefined) {
      throw incomplete(`The Authorization header takes ${partNames.join(', ')}, each as name=value, and nothing else.`)
    }
    if (parts[name] !== undefined) throw incomplete(`The Authorization header names ${name} twice.`)
    parts[name] = value
  }
  const { Credential, SignedHeaders, Signature } = parts
  if (Credential === undefined || SignedHeaders === undefined || Signature === undefined) {
    const absent = partNames.filter((name) => parts[name] === undefined)
    throw incomplete(`The Authorization header lacks ${absent.join(' and ')}.`)
  }
  return { Credential, SignedHeaders, Signature }
}

function parseCredential(text: string): Pick<AuthorizationHeader, 'accessKeyId' | 'scope'> {
  const [, accessKeyId, date, region, service] =
    /^(\w{1,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/.exec(text) ?? []
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined) {
    throw incomplete(`Credential must read <access key id>/<YYYYMMDD>/<region>/<service>/${terminator}.`)
  }
  return { accessKeyId, scope: { date, region, service } }
}

function parseSignedHeaders(text: string): readonly string[] {
  const names = text.split(';')
  for (const [index, name] of names.entries()) {
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw incomplete('SignedHeaders must be lower-case header names, joined by semicolons.')
    }
    // Ascending and never equal: a list that may repeat itself, or come in any order, has more than one reading.
    if (index > 0 && name <= (names[index - 1] ?? '')) {
      throw incomplete('SignedHeaders must be in ascending order and name each header once.')
    }
  }
  return names
}
