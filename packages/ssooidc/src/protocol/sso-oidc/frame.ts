/** What all operations of the service have in common. */
import type { Frame } from '../operation.ts'

/** The service as a caller must know it. */
export const ssoOidcFrame: Frame = {
  name: 'sso-oidc',
  serviceId: 'SSO OIDC',
  endpointPrefix: 'oidc',
  signingName: 'sso-oauth',
  dialect: 'restJson1',
  errorMembers: ['reason', 'endpoint', 'region'],
}
