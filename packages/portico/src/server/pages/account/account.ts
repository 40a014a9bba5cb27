import { field, form, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout, type Person } from '../parts/layout.ts'
import { type PasskeyOffer, passkeyForm } from '../parts/passkey.ts'
import { moment } from '../parts/words.ts'
import { paths } from '../paths.ts'
import { type DistantProgram, distantProgram } from './distant-program.ts'
import { type Browser, browserItem, type Program, programItem } from './signed-in.ts'

/** A passkey of the person. */
export type OwnPasskey = {
  id: string
  name: string
  synced: boolean
  createdAt: number
  lastUsedAt: number | null
}

export type AccountModel = Frame & {
  person: Person & { email: string | null }
  hasPassword: boolean
  passkeys: readonly OwnPasskey[]
  /** Absent where passkeys cannot work, and for somebody who has as many as they may. */
  newPasskey?: PasskeyOffer | undefined
  /** Whether that is why there is none. */
  everyPasskey?: boolean
  totp: { createdAt: number; lastUsedAt: number | null } | null
  /** How many recovery codes are left; null for somebody who has nothing to recover from. */
  recoveryCodes: number | null
  programs: readonly Program[]
  browsers: readonly Browser[]
  /** Programs that were let in from another network, until the person has said that they know of them. */
  distant: readonly DistantProgram[]
  /** When an administrator took the person's factors away, until they have seen it. */
  resetAt?: number | undefined
  /** Where the person was going when they were shown that. */
  returnTo: string
  /** What was just done, or why not. */
  said?: { kind: 'information' | 'error'; text: string } | undefined
}

/** A person's own account: how they sign in, and where they are signed in. */
export function accountPage(model: AccountModel): Html {
  const { person, programs, browsers, distant, csrf, resetAt, said } = model
  return layout(model, {
    title: 'Your account',
    kind: 'hall',
    content: html`<h1>Your account</h1>
<p class="lead"><bdi>${person.displayName}</bdi> (<bdi>${person.userName}</bdi>${person.email !== null && html`, <bdi>${person.email}</bdi>`})</p>
${said && notice(said.kind, html`<p>${said.text}</p>`)}
${resetAt !== undefined && reset(resetAt, model.returnTo, csrf)}
${distant.map((program) => distantProgram(program, csrf))}
<h2>How you sign in</h2>
<div class="settings">
${password(model)}
${passkeys(model)}
${oneTimeCodes(model)}
${recovery(model)}
</div>
<h2>Programs that are signed in as you</h2>
${
  programs.length === 0
    ? html`<p class="empty">No program is signed in as you.</p>`
    : html`<ul class="signed-in-list">${programs.map((program) => programItem(program, csrf))}</ul>`
}
<h2>Browsers in which you are signed in</h2>
<ul class="signed-in-list">${browsers.map((browser) => browserItem(browser, csrf))}</ul>
<h2>Something looks wrong?</h2>
<p>Sign out everywhere: every program and every browser, this one too. Then sign in again and change your password.</p>
${form({
  action: paths.sessions,
  csrf,
  content: html`<input type="hidden" name="end" value="everything">
<p class="actions"><button class="deny">Sign out everywhere</button></p>`,
})}`,
  })
}

function reset(at: number, returnTo: string, csrf: string): Html {
  return notice(
    'warning',
    html`<p>An administrator removed your second factors on ${moment(at)}. If you did not ask for that, ask them about it.</p>
${form({
  action: paths.account,
  csrf,
  content: html`<input type="hidden" name="return" value="${returnTo}">
<p class="actions"><button class="quiet" name="seen" value="reset">I know of it, go on</button></p>`,
})}`,
  )
}

function password({ hasPassword }: AccountModel): Html {
  return html`<section aria-labelledby="password-title">
<h3 id="password-title">Password</h3>
<p class="hint">${hasPassword ? 'Set.' : 'You have none: you sign in with a passkey.'}</p>
<p class="actions"><a class="button quiet" href="${paths.password}">${hasPassword ? 'Change the password' : 'Set a password'}</a></p>
</section>`
}

function passkeys({ passkeys: own, newPasskey, everyPasskey = false, csrf }: AccountModel): Html {
  return html`<section aria-labelledby="passkeys-title">
<h3 id="passkeys-title">Passkeys</h3>
${own.length === 0 && html`<p class="hint">None yet. A passkey is your fingerprint, your face or a security key, in place of codes.</p>`}
${own.length > 0 && html`<ul class="plain">${own.map((passkey, index) => passkeyItem(passkey, index, csrf))}</ul>`}
${
  newPasskey
    ? html`<details${own.length === 0 && html` open`}><summary>Add a passkey</summary>
${passkeyForm({
  ...{ action: paths.passkeys, csrf, doing: 'create', offer: newPasskey, quiet: true },
  button: 'Add a passkey',
  fields: field({ name: 'name', label: 'What to call it', value: 'My passkey', autocomplete: 'off', maxLength: 64 }),
})}</details>`
    : everyPasskey
      ? html`<p class="hint">You have as many passkeys as one person may. Remove one that you do not use any more before you add another.</p>`
      : html`<p class="hint">Passkeys need this page to have a name of its own and https; here they cannot work. Whoever runs this Portico gives it one with <code>publicUrl</code>; to try it on your own machine: <code>npm start -- --public-url http://localhost:8000</code></p>`
}
</section>`
}

function passkeyItem({ id, name, synced, createdAt, lastUsedAt }: OwnPasskey, index: number, csrf: string): Html {
  return html`<li class="owned">
<p><strong><bdi>${name}</bdi></strong>${synced && html` <span class="muted">(synced between your devices)</span>`}<br>
<span class="hint">Added ${moment(createdAt)}${lastUsedAt !== null && html`, last used ${moment(lastUsedAt)}`}</span></p>
<details><summary>Rename or remove<span class="visually-hidden"> ${name}</span></summary>
${form({
  action: paths.passkeys,
  csrf,
  content: html`<input type="hidden" name="passkey" value="${id}">
<div class="field"><label for="rename-${index}">Name</label>
<input id="rename-${index}" name="rename" value="${name}" autocomplete="off" maxlength="64" required></div>
<p class="actions pair"><button class="quiet" name="do" value="rename">Rename</button>
<button class="deny" name="do" value="remove">Remove</button></p>`,
})}</details>
</li>`
}

function oneTimeCodes({ totp, csrf }: AccountModel): Html {
  return html`<section aria-labelledby="codes-title">
<h3 id="codes-title">One-time codes</h3>
${
  totp === null
    ? html`<p class="hint">No app yet. An authenticator app shows a code that you type after your password.</p>
<p class="actions"><a class="button quiet" href="${paths.oneTimeCodes}">Set up an app</a></p>`
    : html`<p class="hint">An app was added ${moment(totp.createdAt)}${
        totp.lastUsedAt !== null && html`, last used ${moment(totp.lastUsedAt)}`
      }</p>
${form({
  action: paths.oneTimeCodes,
  csrf,
  content: html`<p class="actions pair"><a class="button quiet" href="${paths.oneTimeCodes}">Use another app</a>
<button class="deny" name="do" value="remove">Remove the app</button></p>`,
})}`
}
</section>`
}

function recovery({ recoveryCodes }: AccountModel): Html {
  return html`<section aria-labelledby="recovery-title">
<h3 id="recovery-title">Recovery codes</h3>
<p class="hint">${
    recoveryCodes === null
      ? 'For the day on which you have lost your passkeys and your app. Set one of these up first.'
      : recoveryCodes === 0
        ? 'You have none. Without them, only an administrator can let you in when your other factors are lost.'
        : `You have ${recoveryCodes} left. Each works once.`
  }</p>
${recoveryCodes !== null && html`<p class="actions"><a class="button quiet" href="${paths.recoveryCodes}">Make new codes</a></p>`}
</section>`
}
