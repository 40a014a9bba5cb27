import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { duration } from '../parts/words.ts'
import { paths } from '../paths.ts'

/** How an attempt to sign a device in can end for the person at the browser. */
export const deviceOutcomes = [
  'approved',
  'denied',
  'wrong-number',
  'elsewhere',
  'expired',
  'unknown',
  'already-used',
  'too-many-attempts',
] as const

export type DeviceOutcome = (typeof deviceOutcomes)[number]

export type DeviceEndingModel = Frame & {
  outcome: DeviceOutcome
  /** What an administrator finds the attempt by; shown after a denial. */
  reference?: string | undefined
  /** Whom to tell about a stranger's request. */
  administratorEmail?: string | undefined
  /** When the next try is possible, after too many. */
  retryInSeconds?: number | undefined
}

/** The page after a decision, and in place of one that cannot be made. */
export function deviceEndingPage(model: DeviceEndingModel): Html {
  const { heading, content } = endings[model.outcome](model)
  return layout(model, {
    title: heading,
    kind: 'doorway',
    content: html`<div class="ending ${model.outcome}"><h1>${heading}</h1>
${content}</div>`,
  })
}

const again = html`<p class="actions"><a class="button" href="${paths.device}">Type a code</a></p>`

const endings: Record<DeviceOutcome, (model: DeviceEndingModel) => { heading: string; content: Html }> = {
  approved: () => ({
    heading: 'Approved',
    content: html`<p class="lead">Your terminal signs in within a few seconds.</p>
<p>You can close this page and go back to it.</p>`,
  }),
  denied: ({ reference, administratorEmail }) => ({
    heading: 'Denied',
    content: html`<p class="lead">Nothing was signed in, and this code is of no more use to anybody.</p>
${strangers(reference, administratorEmail)}`,
  }),
  'wrong-number': ({ reference, administratorEmail }) => ({
    heading: 'Denied: that was another number',
    content: html`<p class="lead">The terminal shows another number, so nothing was signed in. This code is of no more use to anybody.</p>
<p>If you misread it, start the sign-in again in your terminal: it will show a new code and a new number.</p>
${strangers(reference, administratorEmail)}`,
  }),
  elsewhere: () => ({
    heading: 'Not from another network',
    content: html`<p class="lead">The terminal is in another network than you, and such sign-ins are not allowed here.</p>
<p>If you did not start it, somebody may be after your access: tell your administrator. If you did, sign in through a browser on
that machine, or from its network.</p>`,
  }),
  expired: () => ({
    heading: 'This code has expired',
    content: html`<p class="lead">Codes live for a few minutes only, and this one’s time is over.</p>
<p>Start the sign-in again in your terminal: it will show a new code.</p>
${again}`,
  }),
  unknown: () => ({
    heading: 'No such code',
    content: html`<p class="lead">No terminal waits with this code.</p>
<p>Compare it with your terminal letter by letter. It has no vowels and no digits.</p>
${again}`,
  }),
  'already-used': () => ({
    heading: 'This code was used already',
    content: html`<p class="lead">Somebody has approved or denied it, and a decision stands.</p>
<p>To sign in another terminal, start there: it will show a code of its own. If the decision was not yours, tell your
administrator.</p>
${again}`,
  }),
  'too-many-attempts': ({ retryInSeconds }) => ({
    heading: 'Too many codes',
    content: html`<p class="lead">There were too many tries with codes that nobody has, or with wrong numbers.</p>
<p>${retryInSeconds === undefined ? 'Wait ten minutes' : `Wait ${duration(retryInSeconds)}`}, then start the sign-in again in your
terminal.</p>`,
  }),
}

function strangers(reference: string | undefined, administratorEmail: string | undefined): Html {
  return html`<h2>Somebody else’s request?</h2>
<p>If you did not start it, somebody may be after your access. Please tell your administrator.</p>
${reference !== undefined && html`<p class="reference">Reference <code>${reference}</code></p>`}
${administratorEmail && html`<p class="actions"><a class="button" href="${report(administratorEmail, reference)}">Report this</a></p>`}`
}

/** A letter to the administrator, ready to send. */
function report(email: string, reference = 'none'): string {
  const subject = 'I denied a sign-in that I did not start'
  const body = `A device asked to sign in as me. I did not start that and denied it.\n\nReference: ${reference}\n`
  const address = encodeURIComponent(email).replaceAll('%40', '@')
  return `mailto:${address}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`
}
