import { field, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { type PasskeyOffer, passkeyForm } from '../parts/passkey.ts'
import { type TotpOffer, totpForm } from '../parts/totp-form.ts'
import { duration, moment } from '../parts/words.ts'
import { paths } from '../paths.ts'

export type EnrolModel = Omit<Frame, 'person'> & {
  userName: string
  /** Absent where passkeys cannot work. */
  passkey?: PasskeyOffer | undefined
  totp: TotpOffer
  /** When an administrator took the person's factors away; absent when none did. */
  resetAt?: number | undefined
  error?: string | undefined
}

/** Asks somebody who has no second factor but needs one to set it up. Posts to `/sign-in/enrol`. */
export function enrolPage({ userName, passkey, totp, resetAt, error, ...frame }: EnrolModel): Html {
  return layout(frame, {
    title: error === undefined ? 'Set up a second factor' : 'Error: set up a second factor',
    kind: 'doorway',
    content: html`<h1>Set up a second factor</h1>
<p class="lead">A password alone is not enough here. From now on you, <bdi>${userName}</bdi>, prove with one more thing that it is you.</p>
${error !== undefined && notice('error', html`<p>${error}</p>`)}
${
  resetAt !== undefined &&
  notice(
    'warning',
    html`<p>An administrator removed your second factors on ${moment(resetAt)}. If you did not ask for that, stop here and ask them.</p>`,
  )
}
${
  passkey &&
  html`<h2>A passkey</h2>
<p>Your fingerprint, your face or a security key. Nothing to type, and nothing that can be typed into a false page.</p>
${passkeyForm({
  ...{ action: paths.enrol, csrf: frame.csrf, doing: 'create', offer: passkey },
  button: 'Make a passkey',
  fields: field({
    name: 'name',
    label: 'What to call it',
    value: 'My passkey',
    autocomplete: 'off',
    maxLength: 64,
  }),
})}`
}
<h2>${passkey ? 'Or an app for one-time codes' : 'An app for one-time codes'}</h2>
${totpForm({ action: paths.enrol, csrf: frame.csrf, offer: totp })}
<p class="hint">This page waits for ${duration(600)}. After that, sign in again.</p>`,
  })
}
