/**
 * The conformance kit: what a server must do so that programs can sign people in at it, as checks that anybody may run
 * against any server, this one or another's. They ask over plain HTTP and judge what comes back.
 *
 * Not its job: telling a server that is secure from one that is not. It finds what breaks clients, and a few well-known holes.
 */
import { awsSignedIn } from './aws-signed-in.ts'
import { awsWire } from './aws-wire.ts'
import type { Check } from './check.ts'
import { standard } from './standard.ts'

/** The suites, by the name under which they can be asked for. */
export const suites: Readonly<Record<string, readonly Check[]>> = {
  aws: [...awsWire, ...awsSignedIn],
  standard,
}
