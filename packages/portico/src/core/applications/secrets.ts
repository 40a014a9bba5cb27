/**
 * What an application authenticates with at the standard endpoints. It follows from the application's id and the instance's
 * keys, as access keys follow from their names, so that nothing secret is stored or written into a file; an application that
 * was removed and described anew has another.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
import { format, parse } from '../keys/opaque-token.ts'
import type { Sealer } from '../keys/sealing.ts'

/** The client secret of the application with this ARN, which is its client id. */
export function applicationSecret(sealer: Sealer, arn: string): string {
  return format('clientSecret', sealer.mac('application', arn))
}

/** Whether this is its secret. In constant time. */
export function isApplicationSecret(sealer: Sealer, arn: string, secret: string): boolean {
  const mac = parse('clientSecret', secret)
  return mac !== undefined && sealer.verifyMac('application', arn, mac)
}
