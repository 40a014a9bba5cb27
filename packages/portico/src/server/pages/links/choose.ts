import { field, form, newPassword, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { type PasskeyOffer, passkeyForm } from '../parts/passkey.ts'
import { paths } from '../paths.ts'

export type ChooseModel = Omit<Frame, 'person'> & {
  /** The one-time link's secret, which the forms carry on. */
  link: string
  purpose: 'invitation' | 'reset'
  displayName: string
  userName: string
  /** The fewest characters that a password may have. */
  passwordMinimum: number
  /** Absent where passkeys cannot work, and for somebody who has another factor. */
  passkey?: PasskeyOffer | undefined
  errors?: Partial<Record<'password' | 'password_again' | 'passkey', string>> | undefined
}

/** Where a one-time link leads: its person chooses how to sign in. Posts `link`, and a password or a passkey, to `/setup/link`. */
export function choosePage(model: ChooseModel): Html {
  const { link, purpose, displayName, userName, passwordMinimum, passkey, errors = {}, ...frame } = model
  const heading = purpose === 'invitation' ? `Welcome, ${displayName}` : 'Choose a new password'
  const failed = Object.values(errors).find((error) => error !== undefined)
  return layout(frame, {
    title: failed === undefined ? heading : `Error: ${heading}`,
    kind: 'doorway',
    content: html`<h1>${heading}</h1>
<p class="lead">Your user name is <strong><bdi>${userName}</bdi></strong>. ${
      purpose === 'invitation'
        ? 'Choose how you will sign in; this link works once.'
        : 'Where you are signed in now, you will have to sign in again.'
    }</p>
${errors.passkey !== undefined && notice('error', html`<p>${errors.passkey}</p>`)}
${passkey && html`<h2>A password</h2>`}
${form({
  action: paths.personLink,
  csrf: frame.csrf,
  content: html`<input type="hidden" name="link" value="${link}">
<input type="text" name="username" value="${userName}" autocomplete="username" hidden readonly>
${newPassword('Password', passwordMinimum, errors)}
<button class="wide">Use this password</button>`,
})}
${
  passkey &&
  html`<h2>Or a passkey, and no password at all</h2>
<p>Your fingerprint, your face or a security key with a PIN. Nothing to remember, and nothing that can be typed into a false page.</p>
${passkeyForm({
  ...{ action: paths.personLink, csrf: frame.csrf, doing: 'create', offer: passkey },
  button: 'Make a passkey',
  quiet: true,
  fields: html`<input type="hidden" name="link" value="${link}">
${field({ name: 'name', label: 'What to call it', value: 'My passkey', autocomplete: 'off', maxLength: 64 })}`,
})}`
}`,
  })
}
