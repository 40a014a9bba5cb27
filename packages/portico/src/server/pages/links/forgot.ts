import { field, form } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { paths } from '../paths.ts'

export type ForgotModel = Omit<Frame, 'person'> & {
  /** Whether somebody asked already. The page says the same, whoever was named. */
  asked: boolean
}

/** Asks whose password is forgotten. Posts `username` to `/sign-in/forgot`. */
export function forgotPage({ asked, ...frame }: ForgotModel): Html {
  return asked ? sent(frame) : ask(frame)
}

function ask(frame: Omit<Frame, 'person'>): Html {
  return layout(frame, {
    title: 'Forgot your password?',
    kind: 'doorway',
    content: html`<h1>Forgot your password?</h1>
<p>Say who you are. If there is an e-mail address for you, a link by which you choose a new password goes there.</p>
${form({
  action: paths.forgot,
  csrf: frame.csrf,
  content: html`${field({ name: 'username', label: 'User name', autocomplete: 'username', focused: true })}
<button class="wide">Send me a link</button>`,
})}
<p class="actions"><a href="${paths.signIn}">Back to sign-in</a></p>`,
  })
}

function sent(frame: Omit<Frame, 'person'>): Html {
  return layout(frame, {
    title: 'Look at your mail',
    kind: 'doorway',
    content: html`<h1>Look at your mail</h1>
<p>If there is such a person and we know their address, a link is on its way. It works once and for an hour.</p>
<p>Nothing in a few minutes? Look into the spam folder, or ask your administrator for a link.</p>
<p class="actions"><a class="button" href="${paths.signIn}">Back to sign-in</a></p>`,
  })
}
