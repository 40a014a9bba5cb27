/** Logout: the session of an access token ends. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html */
import { type Input, type Output, wire } from '../operation.ts'
import { accessToken } from './members.ts'

/** The wire of Logout. */
export const logout = wire({
  name: 'Logout',
  method: 'POST',
  path: '/logout',
  authentication: 'bearer',
  input: { accessToken },
  output: {},
})

export type LogoutInput = Input<typeof logout>
export type LogoutOutput = Output<typeof logout>
