import { form, notice } from './parts/form.ts'
import { type Html, html } from './parts/html.ts'
import { type Frame, layout, type Person } from './parts/layout.ts'
import { claimedName, facts } from './parts/request.ts'
import { paths } from './paths.ts'

export type EndSessionModel = Frame & {
  person: Person
  /** What is to be confirmed, as this server sealed it. */
  request: string
  /** What the program calls itself that sent the browser here; absent where that is not known. */
  clientName?: string | undefined
  /** Host of the address that the browser goes on to; absent where it stays. */
  host?: string | undefined
  /** Whether the program named an address that it did not register. */
  strayed: boolean
}

/** Asks whether somebody wants to sign out here too. Posts `request` to `/sign-out`. */
export function endSessionPage({ person, request, clientName, host, strayed, ...frame }: EndSessionModel): Html {
  return layout(
    { ...frame, person },
    {
      title: 'Sign out here too?',
      kind: 'doorway',
      content: html`<h1>Sign out here too?</h1>
<p class="lead">A program sent you here to sign out.</p>
${strayed && notice('information', html`<p>The address to return to is not one that the program registered, so you will stay here.</p>`)}
${facts([
  ...(clientName === undefined ? [] : [['Program', claimedName(clientName)] as const]),
  ['Signed in', html`${person.displayName} <span class="muted">(${person.userName})</span>`],
  ...(host === undefined ? [] : [['Goes on to', html`<strong>${host}</strong>`] as const]),
])}
${form({
  action: paths.signOut,
  csrf: frame.csrf,
  content: html`<input type="hidden" name="request" value="${request}">
<button class="wide">Sign out</button>`,
})}
<p class="actions"><a href="${paths.start}">Stay signed in</a></p>`,
    },
  )
}
