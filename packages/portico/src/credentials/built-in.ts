/**
 * The built-in broker: mints credentials of its own, which our `sts` recognises. They are in every way the form that AWS
 * SDKs expect, and open whatever trusts this instance to say who is calling. Nothing is stored.
 *
 * Its names are stable: the same person in the same role of the same account has the same ARN on every node, for ever.
 */
import { createHash } from 'node:crypto'
import { type RolePrincipal, sealSessionToken } from '../core/access/session-token.ts'
import type { Random } from '../core/keys/random.ts'
import type { Sealer } from '../core/keys/sealing.ts'
import type { Broker, RoleCredentialsRequest } from './credentials.ts'

/** What the built-in broker mints with. */
export type BuiltInBrokerOptions = {
  readonly sealer: Sealer
  readonly random: Random
  /** First part of ARNs: `aws`. */
  readonly partition: string
}

/** The broker that needs nothing outside. */
export function builtInBroker({ sealer, random, partition }: BuiltInBrokerOptions): Broker {
  const roles = new Map<string, RoleNames>()
  const namesOfRole = (request: RoleCredentialsRequest): RoleNames => {
    const { accountId, permissionSetId, roleName } = request
    const key = `${accountId}\0${permissionSetId}\0${roleName}`
    const known = roles.get(key)
    if (known !== undefined) return known
    if (roles.size >= MOST_ROLES) roles.clear()
    const names = nameRole(partition, request)
    roles.set(key, names)
    return names
  }
  return {
    name: 'built-in',
    async issue(request, now) {
      const expiresAt = now + request.sessionDuration * 1000
      const drawn = random.bytes(16 + 30)
      const accessKeyId = `ASIA${idOf(drawn.subarray(0, 16))}`
      const secretAccessKey = drawn.subarray(16).toString('base64')
      const principal: RolePrincipal = {
        ...namePerson(namesOfRole(request), request),
        accountId: request.accountId,
        roleName: request.roleName,
        permissionSetId: request.permissionSetId,
        userId: request.user.id,
        sessionId: request.sessionId,
        flow: request.flow,
        authenticatedAt: request.authenticatedAt,
        ...(request.amr && { amr: request.amr }),
        expiresAt,
      }
      const sessionToken = sealSessionToken(sealer, { ...principal, accessKeyId, secretAccessKey })
      return { accessKeyId, secretAccessKey, sessionToken, expiresAt }
    },
  }
}

/** How AWS names a role that IAM Identity Center keeps in an account; the person's name follows. */
type RoleNames = { readonly arn: string; readonly id: string }

/** Roles whose names are remembered: they are hashes, and the same few are asked for all day. */
const MOST_ROLES = 10_000

function nameRole(partition: string, { accountId, permissionSetId, roleName }: RoleCredentialsRequest): RoleNames {
  const role = `AWSReservedSSO_${roleName}_${sha256(permissionSetId).toString('hex', 0, 8)}`
  return {
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${role}`,
    // 21 characters, as AWS's are. Zero bytes cannot be in an id, so no two pairs are written alike.
    id: `AROA${idOf(sha256(`${accountId}\0${permissionSetId}`).subarray(0, 17))}`,
  }
}

function namePerson(role: RoleNames, { user }: RoleCredentialsRequest): Pick<RolePrincipal, 'arn' | 'assumedRoleId'> {
  const roleSession = roleSessionName(user.userName)
  return { arn: `${role.arn}/${roleSession}`, assumedRoleId: `${role.id}:${roleSession}` }
}

/**
 * A user name as AWS allows it at the end of an ARN: letters, digits and `_+=,.@-`, at most 64. Any other character, and
 * `=` itself, is written as `=` and two hexadecimal digits for each byte of its UTF-8; what is then too long ends in `==` and a
 * hash. So no two people share an ARN, and none can be named to look like a slash of another.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html RoleSessionName
 */
export function roleSessionName(userName: string): string {
  const text = Buffer.from(userName)
    .toString('latin1')
    .replace(/[^A-Za-z0-9_+,.@-]/g, (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  return text.length <= 64 ? text : `${text.slice(0, 46)}==${sha256(userName).toString('hex', 0, 8)}`
}

/** One character for each byte, of the 32 that AWS's own ids are made of. 32 divides 256, so each is equally likely. */
function idOf(bytes: Uint8Array): string {
  let id = ''
  for (const byte of bytes) id += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte % 32)
  return id
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
