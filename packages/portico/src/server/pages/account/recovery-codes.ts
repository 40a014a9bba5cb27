import { copyable } from '../parts/copyable.ts'
import { form, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { paths, within } from '../paths.ts'

export type RecoveryCodesModel = Frame & {
  /** Where the person goes on to. */
  returnTo: string
  /** The new codes; absent before they are made. */
  codes?: readonly string[] | undefined
  /** How many there are already, which new ones make void. */
  left: number
  /** What was just done. */
  said?: { kind: 'information' | 'error'; text: string } | undefined
}

/** Makes recovery codes and shows them, once. Posts `return` to `/account/recovery-codes`. */
export function recoveryCodesPage({ returnTo, codes, left, said, ...frame }: RecoveryCodesModel): Html {
  return codes === undefined ? offer(frame, returnTo, left, said) : show(frame, returnTo, codes)
}

function offer(frame: Frame, returnTo: string, left: number, said: RecoveryCodesModel['said']): Html {
  return layout(frame, {
    title: 'Recovery codes',
    kind: 'doorway',
    content: html`<h1>Recovery codes</h1>
${said && notice(said.kind, html`<p>${said.text}</p>`)}
<p>For the day on which your passkeys and your app are lost: codes on paper, each of which works once after your password.</p>
${left > 0 && html`<p>You have ${left} left. New ones take their place, and the old ones stop working.</p>`}
${form({
  action: paths.recoveryCodes,
  csrf: frame.csrf,
  content: html`<input type="hidden" name="return" value="${returnTo}">
<button class="wide">Make recovery codes</button>`,
})}
<p class="actions"><a href="${within(returnTo)}">Not now</a></p>`,
  })
}

function show(frame: Frame, returnTo: string, codes: readonly string[]): Html {
  return layout(frame, {
    title: 'Your recovery codes',
    kind: 'doorway',
    content: html`<h1>Your recovery codes</h1>
<p class="lead">Write them down or print them now: they are not shown again.</p>
<h2>Ten codes</h2>
${copyable({ id: 'codes', title: 'Each works once', text: codes.join('\n') })}
<p class="actions"><a class="button" href="${within(returnTo)}">I have them, go on</a></p>`,
  })
}
