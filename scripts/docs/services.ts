/** The services that the reference describes: contract, words, and the errors' classes by name. */
import type { ErrorClass, Service } from 'ssooidc/protocol'
import { ssoOidc, ssoPortal } from 'ssooidc/protocol'
import { type ErrorDocs, type MemberDocs, ssoOidcDocs, ssoPortalDocs } from 'ssooidc/protocol/docs'
import * as oidcErrors from 'ssooidc/protocol/sso-oidc'
import * as portalErrors from 'ssooidc/protocol/sso-portal'
import { identityStore } from '../../packages/portico/src/protocol/identity-store.ts'
import { identityStoreDocs } from '../../packages/portico/src/protocol/identity-store-docs.ts'
import * as identityStoreErrors from '../../packages/portico/src/protocol/identity-store-errors.ts'
import { oauth2 } from '../../packages/portico/src/protocol/oauth2.ts'
import { oauth2Docs } from '../../packages/portico/src/protocol/oauth2-docs.ts'
import * as oauth2Errors from '../../packages/portico/src/protocol/oauth2-errors.ts'
import { sts } from '../../packages/portico/src/protocol/sts.ts'
import { stsDocs } from '../../packages/portico/src/protocol/sts-docs.ts'
import * as stsErrors from '../../packages/portico/src/protocol/sts-errors.ts'

/** Words about one structure, by member. */
export type Words = Readonly<Record<string, MemberDocs<unknown> | { text: string; members: Words }>>

/** A service with all that is known about it, under types that fit every service. */
export type Documented = {
  service: Service
  docs: {
    text: string
    see: readonly string[]
    operations: Readonly<Record<string, { text: string; see: readonly string[]; input: Words; output: Words }>>
    errors: Readonly<Record<string, ErrorDocs>>
  }
  errors: Readonly<Record<string, ErrorClass>>
}

export const documented: readonly Documented[] = [
  { service: ssoOidc, docs: ssoOidcDocs, errors: errorClasses(oidcErrors) },
  { service: ssoPortal, docs: ssoPortalDocs, errors: errorClasses(portalErrors) },
  { service: oauth2, docs: oauth2Docs, errors: errorClasses(oauth2Errors) },
  { service: identityStore, docs: identityStoreDocs, errors: errorClasses(identityStoreErrors) },
  { service: sts, docs: stsDocs, errors: errorClasses(stsErrors) },
]

function errorClasses(module: object): Record<string, ErrorClass> {
  const classes = Object.values(module).filter(
    (value): value is ErrorClass => typeof value === 'function' && 'spec' in value,
  )
  return Object.fromEntries(classes.map((each) => [each.spec.name, each]))
}
