import { field, form } from './form.ts'
import { type Html, html } from './html.ts'
import { qrCode } from './qr-code.ts'

/** A secret that somebody is about to put into an app. */
export type TotpOffer = {
  /** Base32, for typing. */
  secret: string
  /** What the picture says. */
  uri: string
  /** The secret as the server sealed it; the form carries it on. */
  sealed: string
}

/** Shows the secret and asks for a first code of it. Posts `method`, `secret` and `code`. */
export function totpForm({
  action,
  csrf,
  offer,
  error,
}: {
  /** A path of `paths.ts`. */
  action: string
  csrf: string
  offer: TotpOffer
  error?: string | undefined
}): Html {
  return form({
    action,
    csrf,
    content: html`<input type="hidden" name="method" value="totp">
<input type="hidden" name="secret" value="${offer.sealed}">
<ol class="steps-to-take">
<li>Open an authenticator app and let it read this picture.
${qrCode(offer.uri, 'A QR code for your authenticator app')}
<details><summary>Or type the key</summary><p><code class="spelled">${groups(offer.secret)}</code></p></details></li>
<li>Type the code that it shows.
${field({
  name: 'code',
  label: 'Code from your app',
  error,
  autocomplete: 'one-time-code',
  digits: true,
  maxLength: 7,
})}</li>
</ol>
<button class="wide">Use this app</button>`,
  })
}

function groups(text: string): string {
  return text.replaceAll(/(.{4})(?=.)/g, '$1 ')
}
