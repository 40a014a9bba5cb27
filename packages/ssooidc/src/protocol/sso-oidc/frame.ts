/** What all operations of the service have in common. */
import type { Frame } from '../operation.ts'

/** The service without its operations and errors. */
export const ssoOidcFrame: Frame = {
  name: 'sso-oidc',
  serviceId: 'SSO OIDC',
  apiVersion: '2019-06-10',
  endpointPrefix: 'oidc',
  signingName: 'sso-oauth',
  dialect: 'restJson1',
  errorBody: 'oauth',
  errorNamespace: 'com.amazonaws.ssooidc',
  errorMembers: ['reason', 'endpoint', 'region'],
}
