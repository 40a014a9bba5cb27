/** Finds out where a server's endpoints are. */

import { isServiceException } from '../../protocol/error.ts'
import { type Discovered, discovery, metadataPaths, oauth2Frame } from '../../protocol/oauth2/index.ts'
import { MalformedResponseError } from '../../protocol/rest-json/client.ts'
import { call } from '../call.ts'
import type { Connections } from '../connection.ts'
import { ConfigError, UnexpectedRedirectError } from '../errors.ts'

/**
 * The metadata of an issuer, where OAuth 2.0 puts them, else where OpenID Connect does.
 *
 * @throws ConfigError when they are another issuer's, which must not be used
 * @throws what a call throws when there are none
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-3
 */
export async function discover(to: Connections, issuer: URL): Promise<Discovered> {
  const [first = '', second = ''] = metadataPaths(issuer)
  const read = (path: string) => call(to, oauth2Frame, { ...discovery, path }, {})
  const found = await read(first).catch((thrown) => {
    // A server that does not know the place may say so in any way.
    const isAnswer =
      isServiceException(thrown) ||
      thrown instanceof MalformedResponseError ||
      thrown instanceof UnexpectedRedirectError
    if (isAnswer) return read(second)
    throw thrown
  })
  if (sameIssuer(found.issuer, issuer.href)) return found
  throw new ConfigError(
    `the server at ${issuer.href} says that it is ${found.issuer}; give that as issuer if it is right`,
  )
}

/** The slash that a URL of an origin alone has or has not makes no other issuer. */
function sameIssuer(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '')
}
