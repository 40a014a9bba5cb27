/**
 * A security key made of software, which does whatever a test tells it to: signs for another origin, counts backwards, forgets
 * to ask for a PIN. What honest keys do is tested in a real browser.
 *
 * @see https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** How an answer differs from an honest one. */
export type Lies = {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  counter?: number
  userVerified?: boolean
  userPresent?: boolean
  /** Id of another credential than the one that signs. */
  id?: string
  userHandle?: string
}

/** The members of the options that pages carry which a key looks at. */
type Options = { challenge: string; rp?: { id?: string }; rpId?: string; user?: { id: string } }

/** Makes a key for an origin. */
export function createAuthenticator(origin: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(16)
  let userHandle = ''

  const clientData = (type: string, options: Options, lies: Lies) =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? options.challenge,
        origin: lies.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const answer = (response: object, lies: Lies) => {
    const name = lies.id ?? id.toString('base64url')
    return JSON.stringify({ id: name, rawId: name, type: 'public-key', clientExtensionResults: {}, response })
  }

  return {
    id: id.toString('base64url'),

    /** Answers `navigator.credentials.create`. */
    create(json: string, lies: Lies = {}): string {
      const options: Options = JSON.parse(json)
      userHandle = options.user?.id ?? ''
      const data = authenticatorData(lies.rpId ?? options.rp?.id ?? '', lies, coseKey(publicKey), id)
      const attestation = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(data)],
      ])
      const clientDataJSON = clientData('webauthn.create', options, lies).toString('base64url')
      const attestationObject = attestation.toString('base64url')
      return answer({ clientDataJSON, attestationObject, transports: ['usb', 'teleport'] }, lies)
    },

    /** Answers `navigator.credentials.get`. */
    get(json: string, lies: Lies = {}): string {
      const options: Options = JSON.parse(json)
      const client = clientData('webauthn.get', options, lies)
      const data = authenticatorData(lies.rpId ?? options.rpId ?? '', lies)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)
      return answer(
        {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: lies.userHandle ?? userHandle,
        },
        lies,
      )
    },
  }
}

function authenticatorData(rpId: string, lies: Lies, key?: Buffer, id?: Buffer): Buffer {
  const { userPresent = true, userVerified = true, counter = 0 } = lies
  const flags = (userPresent ? 0x01 : 0) | (userVerified ? 0x04 : 0) | (key ? 0x40 : 0)
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  const head = Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags]), count])
  if (key === undefined || id === undefined) return head
  return Buffer.concat([head, Buffer.alloc(16), Buffer.from([0, id.length]), id, key])
}

/** An ES256 public key. @see https://www.rfc-editor.org/rfc/rfc9053#section-7.1.1 */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return cborMap([
    [Buffer.from([0x01]), Buffer.from([0x02])], // kty: EC2
    [Buffer.from([0x03]), Buffer.from([0x26])], // alg: ES256
    [Buffer.from([0x20]), Buffer.from([0x01])], // crv: P-256
    [Buffer.from([0x21]), cborBytes(Buffer.from(x, 'base64url'))],
    [Buffer.from([0x22]), cborBytes(Buffer.from(y, 'base64url'))],
  ])
}

// As much of CBOR as an attestation without a statement needs. @see https://www.rfc-editor.org/rfc/rfc8949
function cborHead(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  return length < 256 ? Buffer.from([(major << 5) | 24, length]) : Buffer.from([(major << 5) | 25, length >> 8, length])
}

const cborText = (text: string) => Buffer.concat([cborHead(3, text.length), Buffer.from(text)])
const cborBytes = (bytes: Buffer) => Buffer.concat([cborHead(2, bytes.length), bytes])
const cborMap = (entries: readonly (readonly [Buffer, Buffer])[]) =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flat()])

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}
