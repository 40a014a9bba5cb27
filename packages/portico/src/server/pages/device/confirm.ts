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
  /** Whether nobody can tell, and that matters here. */
  uncertain?: boolean
  reach: Reach
  /** Where the terminal shows a number: those to choose from. */
  numbers?: readonly number[] | undefined
  /** Whether somebody approved without having chosen one. */
  unchosen?: boolean
}

/**
 * Shows everything that is known of a device's request and asks for a decision. Opening it changes nothing: the decision is
 * a POST of `user_code` and `decision`, `approve` or `deny`, to `/device`, with `number` where the terminal shows one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.4
 */
export function deviceConfirmPage(model: DeviceConfirmModel): Html {
  const { userCode, clientName, scopes, began, proximity, reach, person, numbers, unchosen = false } = model
  return layout(model, {
    title: 'Does your terminal show this code?',
    kind: 'doorway',
    content: html`<h1>Does your terminal show this code?</h1>
<p class="shown-code"><span aria-hidden="true">${userCode}</span><span class="visually-hidden">${spelled(userCode)}</span></p>
${whereabouts(model)}
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
${numbers !== undefined && choice(numbers, unchosen)}
${decision()}`,
})}`,
  })
}

/** What the person should know of where the terminal is, where it is not near them for certain. */
function whereabouts({ proximity, uncertain = false, began, address }: DeviceConfirmModel): Html | undefined {
  if (proximity === 'other')
    return notice(
      'error',
      html`<p><strong>This request comes from another network than yours.</strong> It began at ${began.address}; you are
at ${address}. That is how stolen sign-ins look. Deny it, unless you are at that terminal yourself.</p>`,
    )
  if (!uncertain) return undefined
  return notice(
    'information',
    html`<p><strong>We cannot tell whether this request comes from your network.</strong> It began at ${began.address}; you are
at ${address}, and such addresses cannot be compared. Deny it, unless you are at that terminal yourself.</p>`,
  )
}

/** One of these is on the terminal. Nothing is chosen beforehand, and a wrong choice denies. */
function choice(numbers: readonly number[], unchosen: boolean): Html {
  return html`<fieldset class="numbers"${unchosen && html` aria-describedby="number-error"`}>
<legend>Which number does your terminal show?</legend>
${unchosen && html`<p class="field-error" id="number-error"><span class="visually-hidden">Error: </span>Choose the number that your terminal shows.</p>`}
<div class="number-choices">
${numbers.map((number) => html`<label><input type="radio" name="number" value="${number}" required> <span>${number}</span></label>`)}
</div>
<p class="hint">None of these? Then deny: it is not your terminal. A wrong number denies as well.</p>
</fieldset>`
}

/** Letter by letter: a screen reader would otherwise try to say the code as a word. */
function spelled(userCode: string): string {
  return [...userCode].map((letter) => (letter === '-' ? ',' : letter)).join(' ')
}
