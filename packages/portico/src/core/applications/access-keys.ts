/**
 * Access keys: credentials without an end, for programs that nobody signs in for. The organization file names one as an
 * application's actor; its id and its secret follow from the name and from the instance's keys. Nothing secret is stored or
 * written into a file, and a key is gone when no application names it any more.
 */
import type { Instance } from '../../storage/storage.ts'
import { sha256 } from '../keys/random.ts'
import type { Sealer } from '../keys/sealing.ts'

/** An access key, as SDKs take it. */
export type AccessKey = { accessKeyId: string; secretAccessKey: string }

/** What signs with an access key: a program, by the key's name. */
export type AccessKeyPrincipal = {
  kind: 'access-key'
  name: string
  accountId: string
  arn: string
  /** An id of the form that AWS gives users. */
  programId: string
}

/** The access key of this name. */
export function accessKeyOf(sealer: Sealer, instance: Instance, name: string): AccessKey {
  return { accessKeyId: accessKeyIdOf(instance, name), secretAccessKey: secretOf(sealer.mac('access-key', name)) }
}

/** What signs with the access key of this name: a user of the instance's own account, as AWS would call it. */
export function accessKeyPrincipal(name: string, accountId: string, partition: string): AccessKeyPrincipal {
  const arn = `arn:${partition}:iam::${accountId}:user/${name}`
  return { kind: 'access-key', name, accountId, arn, programId: `AIDA${digitsOf(arn)}` }
}

/** Its id: `AKIA` and 16 characters of base 32, the same for ever. */
export function accessKeyIdOf({ instanceId }: Instance, name: string): string {
  return `AKIA${digitsOf(`${instanceId} ${name}`)}`
}

/** Every secret that the key of this name may sign with: one for each of the instance's keys that is still good. */
export function secretsOf(sealer: Sealer, name: string): readonly string[] {
  return sealer.macs('access-key', name).map(secretOf)
}

/** 16 characters of base 32, as ids of AWS's end in. */
function digitsOf(text: string): string {
  const bytes = Buffer.from(sha256(text), 'base64url')
  return [...bytes.subarray(0, 16)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')
}

/** 40 characters, as long as any other. A MAC begins with the id of its key, which is no secret. */
function secretOf(mac: string): string {
  return Buffer.from(mac, 'base64url').subarray(4, 34).toString('base64')
}
