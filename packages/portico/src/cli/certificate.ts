/** The certificate that the server speaks TLS with, read from two files and again whenever they change. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Certificate } from '../server/node.ts'
import { Failure } from './failure.ts'
import type { Settings } from './settings.ts'

/** How often the files are looked at, in milliseconds: by their times, so that links and moved files count too. */
const LOOK = 1_000

/**
 * The certificate of the settings; undefined when there is none.
 *
 * @throws Failure when only one of the two files is named, or they are no pair
 */
export function readCertificate({ tlsCert, tlsKey }: Pick<Settings, 'tlsCert' | 'tlsKey'>): Certificate | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined)
    throw new Failure('configuration', 'TLS takes both files: --tls-cert and --tls-key.')
  try {
    const certificate = { cert: readFileSync(tlsCert, 'utf8'), key: readFileSync(tlsKey, 'utf8') }
    createSecureContext(certificate)
    return certificate
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new Failure(
      'configuration',
      `${tlsCert} and ${tlsKey} are no certificate with its key (${code ?? message}).`,
      {
        cause,
      },
    )
  }
}

/** Calls `use` with each new pair; `complain` when what is there is none, and the one before stays. Returns how to stop. */
export function followCertificate(
  settings: Pick<Settings, 'tlsCert' | 'tlsKey'>,
  use: (certificate: Certificate) => void,
  complain: (error: unknown) => void,
): () => void {
  const files = [settings.tlsCert, settings.tlsKey].filter((file) => file !== undefined)
  const look = () => {
    try {
      const certificate = readCertificate(settings)
      if (certificate !== undefined) use(certificate)
    } catch (error) {
      complain(error)
    }
  }
  for (const file of files) watchFile(file, { interval: LOOK, persistent: false }, look)
  return () => {
    for (const file of files) unwatchFile(file, look)
  }
}
