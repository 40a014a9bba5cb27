/** Unpacks the archives named as arguments into `TMPDIR`, the only folder that the package unpacks to. */
import { inflate } from '@sparticuz/chromium'

await Promise.all(process.argv.slice(2).map((archive) => inflate(archive)))
