import { decision, form, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout, type Person } from '../parts/layout.ts'
import { claimedName, facts, permissions, type Reach, reached } from '../parts/request.ts'
import { duration } from '../parts/words.ts'
import { paths } from '../paths.ts'

export type DeviceConfirmModel = Frame & {
  person: Person
  /** As the terminal shows it: `BCDF-GHJK`. */
  userCode: string
  /** What the client calls itself. */
  clientName: string
  scopes: readonly string[]
  /** Where and when the terminal asked. */
  began: { address: string; userAgent: string; secondsAgo: number }
  /** The address of this browser. */
  address: string
  /** Whether both addresses belong to one network; decided elsewhere. */
  proximity: 'same' | 'other' | 'unknown'
  reach: Reach
}

/**
 * Shows everything that is known of a device's request and asks for a decision. Opening it changes nothing: the decision is
 * a POST of `user_code` and `decision`, `approve` or `deny`, to `/device`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.4
 */
export function deviceConfirmPage(model: DeviceConfirmModel): Html {
  const { userCode, clientName, scopes, began, proximity, reach, person } = model
  return layout(model, {
    title: 'Does your terminal show this code?',
    kind: 'doorway',
    content: html`<h1>Does your terminal show this code?</h1>
<p class="shown-code"><span aria-hidden="true">${userCode}</span><span class="visually-hidden">${spelled(userCode)}</span></p>
${
  proximity !== 'other'
    ? undefined
    : notice(
        'error',
        html`<p><strong>This request comes from another network than yours.</strong> It began at ${began.address}; you are
at ${model.address}. That is how stolen sign-ins look. Deny it, unless you are at that terminal yourself.</p>`,
      )
}
<p class="only-if">Approve <strong>only if you started this yourself a moment ago</strong>, and nobody sent you here.</p>
${facts([
  ['Program', claimedName(clientName)],
  [
    'Began',
    html`<strong>${duration(began.secondsAgo)} ago</strong> at ${began.address}${proximity === 'same' && ', in your network'}
<p class="hint"><bdi>${began.userAgent === '' ? 'It did not say what it runs on.' : began.userAgent}</bdi></p>`,
  ],
  ['It may', permissions(scopes)],
  ['It reaches', reached(reach)],
  ['As you', html`${person.displayName} <span class="muted">(${person.userName})</span>`],
])}
${form({
  action: paths.device,
  csrf: model.csrf,
  content: html`<input type="hidden" name="user_code" value="${userCode}">
${decision()}`,
})}`,
  })
}

/** Letter by letter: a screen reader would otherwise try to say the code as a word. */
function spelled(userCode: string): string {
  return [...userCode].map((letter) => (letter === '-' ? ',' : letter)).join(' ')
}
