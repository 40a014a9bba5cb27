/**
 * Applications: programs that get tokens for people who are signed in elsewhere. The organization file describes them; this
 * folder says which may ask, for whom, with which proof, and what they get. A copy of all of them is kept in memory, since
 * every CreateTokenWithIAM and every authorization request asks for one.
 *
 * Not its job: verifying the caller's signature (`sigv4/`, `sts.ts`), and sessions (`sessions.ts`).
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/trustedidentitypropagation.html
 */
import type { Application, Instance, ResourceServer, Storage, TrustedTokenIssuer } from '../../storage/storage.ts'
import type { Client } from '../clients/client-authentication.ts'
import { clientHash } from '../clients/client-registration.ts'
import type { Deps } from '../deps.ts'
import { type AccessKeyPrincipal, accessKeyIdOf, accessKeyPrincipal } from './access-keys.ts'

/** Every application of an instance, as one process holds them. */
export type Applications = {
  /** The application with this ARN, which is its client id. */
  find(arn: string): Application | undefined
  /** The application whose sessions and tokens carry this client hash. */
  findByHash(hash: string): Application | undefined
  findIssuer(name: string): TrustedTokenIssuer | undefined
  findResourceServer(name: string): ResourceServer | undefined
  /** Whose access key this is, when some application knows it as an actor. */
  findAccessKey(accessKeyId: string): AccessKeyPrincipal | undefined
  arnOf(application: Application): string
  /** Reads them anew. */
  load(): Promise<void>
}

/** What every application may have beside its own scopes: an id token, what AWS adds to it, and the identity context. */
export const STANDARD_SCOPES: readonly string[] = ['openid', 'aws', 'sts:identity_context']

/** Holds applications in memory. The caller calls `load` at start and whenever the directory changes. */
export function createApplications(
  storage: Pick<Storage, 'readApplications'>,
  instance: Instance,
  partition: string,
): Applications {
  let byArn = new Map<string, Application>()
  let byHash = new Map<string, Application>()
  let issuers = new Map<string, TrustedTokenIssuer>()
  let resourceServers = new Map<string, ResourceServer>()
  let accessKeys = new Map<string, AccessKeyPrincipal>()
  const arnOf = ({ id }: Application) =>
    `arn:${partition}:sso::${instanceAccount(instance)}:application/${instance.instanceId}/${id}`
  return {
    find: (arn) => byArn.get(arn),
    findByHash: (hash) => byHash.get(hash),
    findIssuer: (name) => issuers.get(name),
    findResourceServer: (name) => resourceServers.get(name),
    findAccessKey: (accessKeyId) => accessKeys.get(accessKeyId),
    arnOf,
    async load() {
      const { applications, trustedTokenIssuers, ...read } = await storage.readApplications({})
      byArn = new Map(applications.map((application) => [arnOf(application), application]))
      byHash = new Map(applications.map((application) => [clientHash(arnOf(application)), application]))
      issuers = new Map(trustedTokenIssuers.map((issuer) => [issuer.name, issuer]))
      resourceServers = new Map(read.resourceServers.map((server) => [server.name, server]))
      const names = applications.flatMap(({ actors }) => actors.flatMap(({ accessKey }) => accessKey ?? []))
      accessKeys = new Map(
        names.map((name) => [
          accessKeyIdOf(instance, name),
          accessKeyPrincipal(name, instanceAccount(instance), partition),
        ]),
      )
    },
  }
}

/** Everything that tokens of the application may be for. */
export function scopesOf({ scopes }: Application): readonly string[] {
  return [...new Set([...scopes, ...STANDARD_SCOPES])]
}

/**
 * Those of the scopes that an application may have by now: what an administrator took from it since they were approved is not
 * among them. All of them where there is no application, whose registration says for good what it may ask for.
 *
 * No scopes at all would mean a client from before there were any, which may more than one that lost its last: undefined is
 * said instead.
 */
export function scopesNow(
  { applications }: Pick<Deps, 'applications'>,
  arn: string | null | undefined,
  scopes: readonly string[],
): readonly string[] | undefined {
  const application = arn ? applications.find(arn) : undefined
  if (application === undefined) return scopes
  const may = scopesOf(application)
  const left = scopes.filter((scope) => may.includes(scope))
  return left.length === 0 && scopes.length > 0 ? undefined : left
}

/** The application as the client of a grant. */
export function clientOf({ applications }: Pick<Deps, 'applications'>, application: Application): Client {
  return {
    name: application.name,
    scopes: scopesOf(application),
    grantTypes: application.grants,
    redirectUris: application.redirectUris,
    postLogoutRedirectUris: application.postLogoutRedirectUris ?? [],
    issuerUrl: null,
    entitledApplicationArn: applications.arnOf(application),
    issuedAt: 0,
    expiresAt: Number.POSITIVE_INFINITY,
    hash: clientHash(applications.arnOf(application)),
  }
}

/**
 * The account that stands in the ARNs of what belongs to the instance itself: in AWS the organization's management account,
 * here twelve digits that follow from the instance's id.
 */
export function instanceAccount({ instanceId }: Instance): string {
  const digits = BigInt(`0x${instanceId.replace('ssoins-', '')}`) % 10n ** 12n
  return digits.toString().padStart(12, '0')
}

/** The ARN of the instance. */
export function instanceArn({ instance, settings }: Pick<Deps, 'instance' | 'settings'>): string {
  return `arn:${settings.partition}:sso:::instance/${instance.instanceId}`
}

/** The ARN of an issuer. */
export function issuerArn(
  { instance, settings }: Pick<Deps, 'instance' | 'settings'>,
  { id }: TrustedTokenIssuer,
): string {
  const account = instanceAccount(instance)
  return `arn:${settings.partition}:sso::${account}:trustedTokenIssuer/${instance.instanceId}/tti-${id}`
}
