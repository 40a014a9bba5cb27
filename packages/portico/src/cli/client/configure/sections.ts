/** The sections of the shared file that make the AWS tools use an instance. */
import type { Section } from './config-text.ts'

/** Where to sign in. */
export function sessionSection(
  name: string,
  of: { startUrl: string; region: string; scopes: readonly string[] },
): Section {
  return {
    heading: `sso-session ${name}`,
    settings: [
      ['sso_start_url', of.startUrl],
      ['sso_region', of.region],
      ['sso_registration_scopes', of.scopes.join(',')],
    ],
  }
}

/** Where the services are, when not at AWS: what AWS CLI 2.13 and later and the SDKs of 2024 and later read. */
export function servicesSection(name: string, endpoint: string): Section {
  return {
    heading: `services ${name}`,
    settings: ['sso_oidc', 'sso', 'sts'].map((service) => [service, [['endpoint_url', endpoint]]]),
  }
}

/** One role. */
export type ProfileOf = {
  readonly session: string
  readonly accountId: string
  readonly roleName: string
  readonly region: string
  /** Whether there is a `services` section of the session's name. */
  readonly hasServices: boolean
}

/** A profile for a role. */
export function profileSection(name: string, of: ProfileOf): Section {
  return {
    heading: name === 'default' ? name : `profile ${name}`,
    settings: [
      ['sso_session', of.session],
      ['sso_account_id', of.accountId],
      ['sso_role_name', of.roleName],
      ['region', of.region],
      ...(of.hasServices ? ([['services', of.session]] as const) : []),
    ],
  }
}
