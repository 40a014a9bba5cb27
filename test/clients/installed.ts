/** Where `install.sh` puts the clients. Which versions they are is in `versions.ts`. */
import { join } from 'node:path'

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'clients')

/** The AWS CLI of Debian 12: the device flow only, no endpoint settings. */
export const cliOfDebian12 = '/usr/bin/aws'

/** Version 2 of the AWS CLI: signs in through the browser with PKCE, and checks the start URL's host. */
export const cli2 = join(cache, 'aws-cli-2', 'dist', 'aws')

/** A Python that has boto3. */
export const pythonWithBoto3 = join(cache, 'boto3', 'bin', 'python')

/** A Python that has Authlib and Flask. */
export const pythonWithAuthlib = join(cache, 'authlib', 'bin', 'python')

/** The JavaScript program in `relying-party/`, with its libraries beside it. */
export const relyingParty = join(cache, 'relying-party', 'relying-party.js')

/** The program in `go/`, built. */
export const goJourney = join(cache, 'go-journey')

/** The program in `java/`, built. */
export const javaJourney = join(cache, 'java-journey', 'journey')

/** Version 1 of the AWS CLI, as it was in November 2022. */
export const cliOf2022 = join(cache, 'aws-cli-1-of-2022', 'bin', 'aws')

/** Version 1 of the AWS CLI. It has no `aws sso login`, and uses what others put into the token cache. */
export const cli1 = join(cache, 'aws-cli-1', 'bin', 'aws')

/** The program in `rust/`, built. */
export const rustJourney = join(cache, 'rust', 'debug', 'journey')
