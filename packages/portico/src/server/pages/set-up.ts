import { field, form, newPassword, notice } from './parts/form.ts'
import { type Html, html } from './parts/html.ts'
import { type Frame, layout } from './parts/layout.ts'
import { paths } from './paths.ts'

/** The form's fields by their names on the wire. */
export type SetUpField = 'username' | 'display_name' | 'email' | 'password' | 'password_again'

export type SetUpModel = Omit<Frame, 'person'> & {
  /** The one-time link's secret, which the form carries on. */
  token: string
  /** The fewest characters that a password may have. */
  passwordMinimum: number
  /** What was typed before; never the passwords. */
  values?: Partial<Record<'username' | 'display_name' | 'email', string>> | undefined
  errors?: Partial<Record<SetUpField, string>> | undefined
}

/** Makes the first administrator. Posts the {@link SetUpField}s and `token` to `/setup`. */
export function setUpPage({ token, passwordMinimum, values = {}, errors = {}, ...frame }: SetUpModel): Html {
  const failed = Object.values(errors).some((error) => error !== undefined)
  return layout(frame, {
    title: failed ? 'Error: set up' : 'Set up',
    kind: 'doorway',
    content: html`<h1>Set up ${frame.instanceName}</h1>
<p class="lead">You are the first here. Make the administrator who lets the others in; this link works once.</p>
${failed && notice('error', html`<p>Nothing was saved yet. Please look at the marked fields.</p>`)}
${form({
  action: paths.setUp,
  csrf: frame.csrf,
  content: html`<input type="hidden" name="token" value="${token}">
${field({
  name: 'username',
  label: 'User name',
  hint: 'What you will sign in with.',
  value: values.username,
  error: errors.username,
  autocomplete: 'username',
})}
${field({
  name: 'display_name',
  label: 'Your name',
  hint: 'As your colleagues know you.',
  value: values.display_name,
  error: errors.display_name,
  autocomplete: 'name',
})}
${field({
  name: 'email',
  label: 'E-mail address',
  type: 'email',
  value: values.email,
  error: errors.email,
  autocomplete: 'email',
  maxLength: 254,
})}
${newPassword('Password', passwordMinimum, errors)}
<button class="wide">Create the administrator</button>`,
})}`,
  })
}
