/**
 * The question that a passkey answers, between the page that asks and the form that brings the answer: sealed for one browser,
 * good for minutes and for one answer. And the shape of an answer, as browsers write it.
 *
 * Not its job: whether the answer is right.
 *
 * @see https://www.w3.org/TR/webauthn-3/#sctn-cryptographic-challenges
 */
import * as v from 'valibot'
import type { Deps } from '../deps.ts'
import { sha256 } from '../keys/random.ts'

/** How long a browser may take to answer, in milliseconds. */
export const PATIENCE = 300_000

/** What was asked, and of whom. */
export type Ceremony = {
  kind: 'passkey'
  doing: 'create' | 'get'
  challenge: string
  /** Hash of the secret of the browser that it is for. */
  holder: string
  /** Whose passkey it must be; null where the passkey says who somebody is. */
  userId: string | null
  /** Whether the person must have unlocked the key. */
  verified: boolean
  expiresAt: number
}

/** What a page needs to ask the browser for a passkey. */
export type PasskeyOffer = {
  /** JSON for `PublicKeyCredential.parse…OptionsFromJSON`. */
  options: string
  /** Comes back in the form beside the browser's answer. */
  ceremony: string
}

/** Seals a question for its browser. */
export function sealOffer(
  deps: Deps,
  options: { challenge: string },
  about: Omit<Ceremony, 'kind' | 'challenge' | 'expiresAt'>,
  now: number,
): PasskeyOffer {
  const ceremony: Ceremony = { kind: 'passkey', ...about, challenge: options.challenge, expiresAt: now + PATIENCE }
  return { options: JSON.stringify(options), ceremony: deps.sealer.seal('cookie', ceremony) }
}

/** The ceremony of this browser, used up: whoever presents it again, on whatever node, gets nothing. */
export async function openCeremony(
  deps: Deps,
  doing: Ceremony['doing'],
  sealed: string,
  holder: string,
  now: number,
): Promise<Ceremony | undefined> {
  const ceremony = deps.sealer.open<Ceremony>('cookie', sealed)
  if (ceremony?.kind !== 'passkey' || ceremony.doing !== doing) return undefined
  if (ceremony.holder !== holder || now >= ceremony.expiresAt) return undefined
  const once = { bucket: `challenge:${sha256(ceremony.challenge)}`, limit: 1 }
  const isFirst = await deps.storage.countAttempt({ buckets: [once], window: 2 * PATIENCE, now })
  return isFirst ? ceremony : undefined
}

/** How a browser may reach a key, as far as we know. */
export const transports = v.picklist(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])
const text = v.pipe(v.string(), v.maxLength(32_768))
const credential = {
  id: text,
  rawId: text,
  type: v.literal('public-key'),
  clientExtensionResults: v.optional(v.object({}), {}),
}

/** What `navigator.credentials.create` answers. */
export const registration = v.object({
  ...credential,
  response: v.object({
    clientDataJSON: text,
    attestationObject: text,
    // A browser may know ways that we do not: they are hints and nothing more.
    transports: v.optional(
      v.pipe(
        v.array(v.string()),
        v.transform((ways) => ways.filter((way) => v.is(transports, way))),
      ),
      [],
    ),
  }),
})

/** What `navigator.credentials.get` answers. */
export const authentication = v.object({
  ...credential,
  response: v.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: v.nullish(text, ''),
  }),
})

/** The answer, when the text is JSON of that shape. */
export function readAnswer<Schema extends v.GenericSchema>(
  schema: Schema,
  json: string,
): v.InferOutput<Schema> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(json))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}
