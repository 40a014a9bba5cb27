/** Where `install.sh` puts the clients. */
import { join } from 'node:path'

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'clients')

/** The AWS CLI of Debian's stable release: 2.9, the device flow only, no endpoint settings. */
export const stableCli = '/usr/bin/aws'

/** The newest AWS CLI that Debian has: signs in through the browser with PKCE, and checks the start URL's host. */
export const newestCli = join(cache, 'newest-cli', 'bin', 'aws')

/** A Python that has the newest boto3. */
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
export const cliOf2022 = join(cache, 'cli-1.27.10', 'bin', 'aws')

/** The newest version 1 of the AWS CLI. It has no `aws sso login`, and uses what others put into the token cache. */
export const newestCliV1 = join(cache, 'cli-1', 'bin', 'aws')

/** The program in `rust/`, built. */
export const rustJourney = join(cache, 'rust', 'debug', 'journey')
