import { field, form, newPassword, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { paths } from '../paths.ts'

export type PasswordModel = Frame & {
  userName: string
  /** Whether there is one already, which must be typed first. */
  hasPassword: boolean
  passwordMinimum: number
  errors?: Partial<Record<'current' | 'password' | 'password_again', string>> | undefined
  /** Why nothing was tried. */
  error?: string | undefined
}

/** Changes a password. Posts `current`, `password` and `password_again` to `/account/password`. */
export function passwordPage(model: PasswordModel): Html {
  const { userName, hasPassword, passwordMinimum, errors = {}, error, csrf } = model
  const failed = error !== undefined || Object.keys(errors).length > 0
  const heading = hasPassword ? 'Change your password' : 'Set a password'
  return layout(model, {
    title: failed ? `Error: ${heading}` : heading,
    kind: 'doorway',
    content: html`<h1>${heading}</h1>
<p class="lead">Every program and every other browser is signed out.</p>
${error !== undefined && notice('error', html`<p>${error}</p>`)}
${form({
  action: paths.password,
  csrf,
  content: html`<input type="text" name="username" value="${userName}" autocomplete="username" hidden readonly>
${
  hasPassword &&
  field({
    name: 'current',
    label: 'Your password now',
    type: 'password',
    error: errors.current,
    autocomplete: 'current-password',
    maxLength: 1024,
  })
}
${newPassword('New password', passwordMinimum, errors)}
<button class="wide">Change it</button>`,
})}
<p class="actions"><a href="${paths.account}">Back to your account</a></p>`,
  })
}
