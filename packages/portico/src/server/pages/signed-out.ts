import { type Html, html } from './parts/html.ts'
import { layout } from './parts/layout.ts'
import { paths } from './paths.ts'

export type SignedOutModel = { instanceName: string }

/** After signing out. It says what has not ended, because a terminal's session lives on its own. */
export function signedOutPage(model: SignedOutModel): Html {
  return layout(model, {
    title: 'Signed out',
    kind: 'doorway',
    content: html`<h1>You are signed out</h1>
<p>This browser no longer knows you.</p>
<p>Terminals that you signed in stay signed in. To end those, run <code>aws sso logout</code> there.</p>
<p class="actions"><a class="button" href="${paths.signIn}">Sign in again</a></p>`,
  })
}
