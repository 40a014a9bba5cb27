/** What all operations of the access portal have in common. */
import type { Frame } from '../operation.ts'

/** The service as a caller must know it. */
export const ssoPortalFrame: Frame = {
  name: 'sso-portal',
  serviceId: 'SSO',
  endpointPrefix: 'portal.sso',
  signingName: 'awsssoportal',
  dialect: 'restJson1',
}
