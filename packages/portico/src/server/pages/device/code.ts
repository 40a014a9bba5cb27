import { field, form, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { paths } from '../paths.ts'

export type DeviceCodeModel = Frame & {
  /** What was typed before, so that one wrong letter does not cost eight. */
  userCode?: string | undefined
  error?: string | undefined
}

/** Asks for the code. Posts `user_code` to `/device`, spelled as people spell: small letters, spaces, no hyphen. */
export function deviceCodePage({ userCode, error, ...frame }: DeviceCodeModel): Html {
  return layout(frame, {
    title: error === undefined ? 'Sign in a device' : 'Error: sign in a device',
    kind: 'doorway',
    content: html`<h1>Sign in a device</h1>
<p class="lead">Type the code that your own terminal shows.</p>
${form({
  action: paths.device,
  csrf: frame.csrf,
  content: html`${field({
    name: 'user_code',
    label: 'Code',
    hint: 'Letters only, such as BCDF-GHJK.',
    value: userCode,
    error,
    autocomplete: 'off',
    className: 'user-code',
    focused: true,
    maxLength: 24,
  })}
<button class="wide">Continue</button>`,
})}
${notice(
  'information',
  html`<p>Nobody will ever send you a code. If a message, a call or a web page gave you one, stop here.</p>`,
)}`,
  })
}
