/**
 * Applications, trusted token issuers and resource servers in an organization file: what they must be to everything else, and
 * what they become.
 */

import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import type { Organization, OrganizationApplication } from '../../storage/storage.ts'
import { checkRedirectUri } from '../clients/redirect-uri.ts'
import { isScope } from '../clients/scopes.ts'
import { type GrantName, grantNames, type OrganizationFile } from './schema.ts'
import type { Path } from './yaml-file.ts'

/** The grants of the wire, by the names that a person writes. */
const wireGrants: Readonly<Record<GrantName, string>> = {
  'authorization-code': GRANT_TYPES.authorizationCode,
  'refresh-token': GRANT_TYPES.refreshToken,
  'jwt-bearer': GRANT_TYPES.jwtBearer,
  'token-exchange': GRANT_TYPES.tokenExchange,
}

/** What checking needs of whoever checks the whole file. */
export type Checks = {
  report(path: Path, message: string): void
  mustBeKnown(
    what: 'user' | 'group' | 'account' | 'permission set' | 'trusted token issuer',
    name: string,
    path: Path,
  ): void
}

/** Reports what is wrong with the applications, issuers and resource servers of a file, each by itself or beside everything else. */
export function checkApplications(
  { applications, trustedTokenIssuers, resourceServers }: OrganizationFile,
  checks: Checks,
): void {
  const { report, mustBeKnown } = checks
  for (const [index, { issuerUrl }] of trustedTokenIssuers.entries()) {
    const fault = checkIssuerUrl(issuerUrl)
    if (fault !== undefined) report(['trustedTokenIssuers', index, 'issuerUrl'], fault)
  }
  for (const [index, { scopes }] of resourceServers.entries())
    checkScopes(scopes, ['resourceServers', index, 'scopes'], checks)
  for (const [index, application] of applications.entries()) {
    const at = (...path: Path): Path => ['applications', index, ...path]
    for (const member of ['redirectUris', 'postLogoutRedirectUris'] as const)
      for (const [entry, uri] of application[member].entries()) {
        const fault = checkRedirectUri(uri)
        if (fault !== undefined) report(at(member, entry), fault)
      }
    checkScopes(application.scopes, at('scopes'), checks)
    if (application.grants.includes('authorization-code') && application.redirectUris.length === 0)
      report(at('grants'), 'The grant `authorization-code` needs `redirectUris`.')
    if (application.grants.includes('jwt-bearer') && application.trustedTokenIssuers.length === 0)
      report(at('grants'), 'The grant `jwt-bearer` needs `trustedTokenIssuers`.')
    for (const [entry, { name }] of application.trustedTokenIssuers.entries())
      mustBeKnown('trusted token issuer', name, at('trustedTokenIssuers', entry, 'name'))
    for (const [entry, actor] of application.actors.entries()) checkActor(actor, at('actors', entry), checks)
    for (const [entry, { user, group }] of application.assignments.entries()) {
      const here = at('assignments', entry)
      if ((user === undefined) === (group === undefined))
        report(here, 'An assignment of an application is for a `user` or for a `group`.')
      if (user !== undefined) mustBeKnown('user', user, [...here, 'user'])
      if (group !== undefined) mustBeKnown('group', group, [...here, 'group'])
    }
  }
}

/** The applications, issuers and resource servers of a file. `canonical` gives each name as its own entry writes it. */
export function toApplications(
  { applications, trustedTokenIssuers, resourceServers }: OrganizationFile,
  canonical: Record<'user' | 'group' | 'set' | 'issuer', (name: string) => string>,
): Pick<Organization, 'applications' | 'trustedTokenIssuers' | 'resourceServers'> {
  return {
    ...(applications.length > 0 && { applications: applications.map((each) => toApplication(each, canonical)) }),
    ...(trustedTokenIssuers.length > 0 && {
      trustedTokenIssuers: trustedTokenIssuers.map(({ emailsAreVerified, ...issuer }) => ({
        ...issuer,
        ...(emailsAreVerified && { emailsAreVerified }),
      })),
    }),
    ...(resourceServers.length > 0 && { resourceServers }),
  }
}

type FileApplication = OrganizationFile['applications'][number]

function toApplication(
  file: FileApplication,
  canonical: Record<'user' | 'group' | 'set' | 'issuer', (name: string) => string>,
): OrganizationApplication {
  return {
    name: file.name,
    grants: grantNames.filter((name) => file.grants.includes(name)).map((name) => wireGrants[name]),
    redirectUris: file.redirectUris,
    ...(file.postLogoutRedirectUris.length > 0 && { postLogoutRedirectUris: file.postLogoutRedirectUris }),
    scopes: file.scopes,
    actors: file.actors.map(({ account, permissionSet, accessKey }) =>
      account !== undefined && permissionSet !== undefined
        ? { account, permissionSet: canonical.set(permissionSet), accessKey: null }
        : { account: null, permissionSet: null, accessKey: accessKey ?? '' },
    ),
    trustedTokenIssuers: file.trustedTokenIssuers.map(({ name, audiences }) => {
      return { name: canonical.issuer(name), audiences }
    }),
    assignmentRequired: file.assignmentRequired,
    assignments: file.assignments.map(({ user, group }) => ({
      user: user === undefined ? null : canonical.user(user),
      group: group === undefined ? null : canonical.group(group),
    })),
    idTokenAlgorithm: file.idTokenAlgorithm,
  }
}

function checkActor(
  { account, permissionSet, accessKey }: FileApplication['actors'][number],
  path: Path,
  { report, mustBeKnown }: Checks,
): void {
  const isRole = account !== undefined && permissionSet !== undefined && accessKey === undefined
  const isKey = account === undefined && permissionSet === undefined && accessKey !== undefined
  if (!isRole && !isKey) report(path, 'An actor is an `account` with a `permissionSet`, or an `accessKey`.')
  if (account !== undefined) mustBeKnown('account', account, [...path, 'account'])
  if (permissionSet !== undefined) mustBeKnown('permission set', permissionSet, [...path, 'permissionSet'])
}

function checkScopes(scopes: readonly string[], path: Path, { report }: Checks): void {
  for (const [entry, scope] of scopes.entries())
    if (!isScope(scope))
      report([...path, entry], 'A scope is up to three words joined by colons, such as `reports:read`.')
}

/** Keys that come over a network in clear are anybody's keys. */
function checkIssuerUrl(text: string): string | undefined {
  const url = URL.parse(text)
  const loopback = url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url === null || (url.protocol !== 'https:' && !loopback)) return 'An issuer is an `https:` address.'
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    return 'An issuer’s address has no query, no fragment and no user name.'
  return undefined
}
