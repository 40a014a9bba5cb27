/** What all operations of the access portal have in common. */
import type { Frame } from '../operation.ts'

/** The service without its operations and errors. */
export const ssoPortalFrame: Frame = {
  name: 'sso-portal',
  serviceId: 'SSO',
  apiVersion: '2019-06-10',
  endpointPrefix: 'portal.sso',
  signingName: 'awsssoportal',
  dialect: 'restJson1',
  errorBody: 'message',
  errorNamespace: 'com.amazonaws.switchboard.portal',
}
