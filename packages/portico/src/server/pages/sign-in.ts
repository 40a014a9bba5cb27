import { field, form, notice } from './parts/form.ts'
import { type Html, html } from './parts/html.ts'
import { type Frame, layout } from './parts/layout.ts'
import { type PasskeyOffer, passkeyForm } from './parts/passkey.ts'
import { paths } from './paths.ts'

export type SignInModel = Omit<Frame, 'person'> & {
  /** Path of this origin to go on to. */
  returnTo: string
  /** Typed before, or known because somebody must prove again who they are. */
  userName?: string | undefined
  /** Why sign-in is asked for, where that is not plain: `Sign in again to approve.` */
  reason?: string | undefined
  /** Why the last try failed; the same sentence for a wrong name and a wrong password. */
  error?: string | undefined
  /** Absent where passkeys cannot work. */
  passkey?: PasskeyOffer | undefined
  /** Whether a link for a new password can be mailed. */
  mayForget?: boolean | undefined
}

/** Posts `username`, `password` and `return`, or what a passkey form posts and `return`, to `/sign-in`. */
export function signInPage({ returnTo, userName, reason, error, passkey, mayForget, ...frame }: SignInModel): Html {
  return layout(frame, {
    title: error === undefined ? 'Sign in' : 'Error: sign in',
    kind: 'doorway',
    content: html`<h1>Sign in</h1>
<p class="lead">to ${frame.instanceName}</p>
${error !== undefined && notice('error', html`<p>${error}</p>`)}
${reason !== undefined && notice('information', html`<p>${reason}</p>`)}
${form({
  action: paths.signIn,
  csrf: frame.csrf,
  content: html`<input type="hidden" name="return" value="${returnTo}">
${field({
  name: 'username',
  label: 'User name',
  value: userName,
  autocomplete: 'username',
  focused: userName === undefined,
})}
${field({
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  focused: userName !== undefined,
  maxLength: 1024,
})}
<button class="wide">Sign in</button>`,
})}
${
  passkey &&
  passkeyForm({
    ...{ action: paths.signIn, csrf: frame.csrf, doing: 'get', offer: passkey, quiet: true },
    button: 'Sign in with a passkey',
    fields: html`<input type="hidden" name="return" value="${returnTo}">`,
  })
}
${mayForget && html`<p class="actions"><a href="${paths.forgot}">Forgot your password?</a></p>`}`,
  })
}
