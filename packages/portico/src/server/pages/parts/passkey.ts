import { form } from './form.ts'
import { type Hole, type Html, html } from './html.ts'

/** What a page needs to ask the browser for a passkey; made elsewhere. */
export type PasskeyOffer = {
  /** Options of the WebAuthn API, as JSON. */
  options: string
  /** Goes back beside the browser's answer. */
  ceremony: string
}

/**
 * A form that asks the browser for a passkey and sends its answer. It posts `ceremony` and `credential`, and needs the script:
 * without, it says so.
 */
export function passkeyForm({
  action,
  csrf,
  doing,
  offer,
  button,
  quiet = false,
  fields,
}: {
  /** A path of `paths.ts`. */
  action: string
  csrf: string
  /** Whether the browser is to make a passkey or to use one. */
  doing: 'create' | 'get'
  offer: PasskeyOffer
  button: string
  /** Whether something else on the page matters more. */
  quiet?: boolean
  fields?: Hole
}): Html {
  return form({
    action,
    csrf,
    attributes: html` data-passkey="${doing}" data-options="${offer.options}"`,
    content: html`<input type="hidden" name="ceremony" value="${offer.ceremony}">
<input type="hidden" name="credential" value="">
<p class="hint" data-passkey-missing>Passkeys need a browser with JavaScript.</p>
<div class="form" data-passkey-ready hidden>
${fields}
<button class="wide${quiet && ' quiet'}">${button}</button>
</div>
<p class="field-error" role="alert" data-passkey-problem hidden></p>`,
  })
}
