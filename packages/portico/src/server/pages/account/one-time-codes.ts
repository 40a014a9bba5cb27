import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { type TotpOffer, totpForm } from '../parts/totp-form.ts'
import { paths } from '../paths.ts'

export type OneTimeCodesModel = Frame & {
  totp: TotpOffer
  /** Whether there is an app already, which the new one replaces. */
  replaces: boolean
  error?: string | undefined
}

/** Sets an app for one-time codes up. Posts to `/account/one-time-codes`. */
export function oneTimeCodesPage({ totp, replaces, error, ...frame }: OneTimeCodesModel): Html {
  return layout(frame, {
    title: error === undefined ? 'Set up an app for one-time codes' : 'Error: set up an app for one-time codes',
    kind: 'doorway',
    content: html`<h1>Set up an app for one-time codes</h1>
${replaces && html`<p class="lead">The app that you have now stops working as soon as this one is set up.</p>`}
${totpForm({ action: paths.oneTimeCodes, csrf: frame.csrf, offer: totp, error })}
<p class="actions"><a href="${paths.account}">Back to your account</a></p>`,
  })
}
