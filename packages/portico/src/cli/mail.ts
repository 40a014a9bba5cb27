/** The mailer that the settings describe. */
import type { Mailer } from '../core/people/mail.ts'
import { Failure } from './failure.ts'
import type { Settings } from './settings.ts'

/** A mailer that is closed at the end. */
export type ClosableMailer = Mailer & { close(): Promise<void> }

/**
 * Opens it; null where no mail server is set.
 *
 * @throws Failure when there is a server and nobody whose letters it could carry
 */
export async function openMailer(
  { smtpUrl, mailFrom }: Pick<Settings, 'smtpUrl' | 'mailFrom'>,
  onFailure: (subject: string, error: unknown) => void,
): Promise<ClosableMailer | null> {
  if (smtpUrl === undefined) return null
  if (mailFrom === undefined)
    throw new Failure('configuration', 'A mail server is set, but not from whom letters come. Set `mailFrom` as well.')
  const { createSmtpMailer } = await import('../mail/smtp.ts')
  return createSmtpMailer({ url: smtpUrl, from: mailFrom, onFailure })
}
