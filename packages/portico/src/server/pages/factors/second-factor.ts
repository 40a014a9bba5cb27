import { field, form, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { type PasskeyOffer, passkeyForm } from '../parts/passkey.ts'
import { paths } from '../paths.ts'

export type SecondFactorModel = Omit<Frame, 'person'> & {
  /** Who typed the password. */
  userName: string
  /** Absent when the person has no passkey. */
  passkey?: PasskeyOffer | undefined
  /** Whether the person has an app for one-time codes. */
  totp: boolean
  /** Whether any recovery codes are left. */
  recoveryCodes: boolean
  /** Why the last try failed. */
  error?: string | undefined
}

/** Asks for a second factor. Posts `method` and `code`, or what a passkey form posts, to `/sign-in/second-factor`. */
export function secondFactorPage(model: SecondFactorModel): Html {
  const { userName, passkey, totp, recoveryCodes, error, ...frame } = model
  return layout(frame, {
    title: error === undefined ? 'One more step' : 'Error: one more step',
    kind: 'doorway',
    content: html`<h1>One more step</h1>
<p class="lead">Prove with a second factor that you are <bdi>${userName}</bdi>.</p>
${error !== undefined && notice('error', html`<p>${error}</p>`)}
${
  passkey &&
  passkeyForm({
    ...{ action: paths.secondFactor, csrf: frame.csrf, doing: 'get', offer: passkey },
    button: 'Use a passkey',
  })
}
${
  totp &&
  form({
    action: paths.secondFactor,
    csrf: frame.csrf,
    content: html`<input type="hidden" name="method" value="totp">
${field({
  name: 'code',
  label: 'Code from your app',
  hint: 'Six digits. A new code comes every half minute, and each works once.',
  autocomplete: 'one-time-code',
  digits: true,
  focused: passkey === undefined,
  maxLength: 7,
})}
<button class="wide">Go on</button>`,
  })
}
${recoveryCodes && recovery(frame.csrf)}
<p class="hint">Nothing of these at hand? Ask your administrator to reset your second factors.</p>
<p class="actions"><a href="${paths.signIn}">Sign in as somebody else</a></p>`,
  })
}

function recovery(csrf: string): Html {
  return html`<details><summary>Use a recovery code</summary>
${form({
  action: paths.secondFactor,
  csrf,
  content: html`<input type="hidden" name="method" value="recovery-code">
${field({
  name: 'recovery_code',
  label: 'Recovery code',
  hint: 'One of those that you wrote down. It works once.',
  autocomplete: 'off',
  maxLength: 40,
})}
<button class="wide">Go on with it</button>`,
})}</details>`
}
