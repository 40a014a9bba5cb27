import { decision, form } from './parts/form.ts'
import { type Html, html } from './parts/html.ts'
import { type Frame, layout, type Person } from './parts/layout.ts'
import { claimedName, facts, permissions, type Reach, reached } from './parts/request.ts'
import { paths } from './paths.ts'

export type ConsentModel = Frame & {
  person: Person
  /** The authorization request as this server sealed it; the form carries it on. */
  request: string
  /** What the client calls itself. */
  clientName: string
  scopes: readonly string[]
  /** Where the answer goes: host and port of the redirect URI, and whether that is this computer. */
  redirect: { host: string; loopback: boolean }
  reach: Reach
}

/** Asks whether a program may sign in as this person. Posts `request` and `decision`, `approve` or `deny`, to `/consent`. */
export function consentPage(model: ConsentModel): Html {
  const { request, clientName, scopes, redirect, reach, person } = model
  return layout(model, {
    title: 'Let this program sign in as you?',
    kind: 'doorway',
    content: html`<h1>Let this program sign in as you?</h1>
<p class="only-if">Approve <strong>only if you started this yourself a moment ago</strong>, and nobody sent you here.</p>
${facts([
  ['Program', claimedName(clientName)],
  [
    'Runs on',
    redirect.loopback
      ? html`This computer <span class="muted">(${redirect.host})</span>`
      : html`<strong>${redirect.host}</strong><p class="hint">The answer leaves this computer and goes there.</p>`,
  ],
  ['It may', permissions(scopes)],
  ['It reaches', reached(reach)],
  ['As you', html`${person.displayName} <span class="muted">(${person.userName})</span>`],
])}
${form({
  action: paths.consent,
  csrf: model.csrf,
  content: html`<input type="hidden" name="request" value="${request}">
${decision()}`,
})}`,
  })
}
