import { type Html, html } from './parts/html.ts'
import { layout } from './parts/layout.ts'
import { isElsewhere, paths } from './paths.ts'

export type SignedOutModel = {
  instanceName: string
  /** Where a program wishes the browser to go on to; `stranger` says that anybody can have registered the address. */
  onward?: { href: string; host: string; stranger: boolean } | undefined
}

/** After signing out. It says what has not ended, because a terminal's session lives on its own. */
export function signedOutPage({ onward, ...frame }: SignedOutModel): Html {
  return layout(frame, {
    title: 'Signed out',
    kind: 'doorway',
    content: html`<h1>You are signed out</h1>
<p>This browser no longer knows you.</p>
<p>Terminals that you signed in stay signed in. To end those, run <code>aws sso logout</code> there.</p>
${onward && isElsewhere(onward.href) && wayOn(onward)}
<p class="actions"><a class="button" href="${paths.signIn}">Sign in again</a></p>`,
  })
}

function wayOn({ href, host, stranger }: NonNullable<SignedOutModel['onward']>): Html {
  return html`<p>A program would have you go on to <strong>${host}</strong>${stranger && ', an address that anybody can have registered'}. If you came from there and trust it, you may go back. Else close this page.</p>
<p><a href="${href}" rel="noreferrer">Go back to ${host}</a></p>`
}
