/** Where `install.sh` puts the clients. */
import { join } from 'node:path'

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'clients')

/** The AWS CLI of Debian's stable release: 2.9, the device flow only, no endpoint settings. */
export const stableCli = '/usr/bin/aws'

/** The newest AWS CLI that Debian has: signs in through the browser with PKCE, and checks the start URL's host. */
export const newestCli = join(cache, 'newest-cli', 'bin', 'aws')

/** A Python that has the newest boto3. */
export const pythonWithBoto3 = join(cache, 'boto3', 'bin', 'python')

/** The program in `go/`, built. */
export const goJourney = join(cache, 'go-journey')
