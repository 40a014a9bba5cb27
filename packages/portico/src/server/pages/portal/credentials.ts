import {
  type CredentialFormat,
  credentialFormats,
  exportCredentials,
  type RoleCredentials,
} from '../../../core/access/credential-formats.ts'
import { copyable } from '../parts/copyable.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout, type Person } from '../parts/layout.ts'
import { duration, moment } from '../parts/words.ts'
import { paths, rolePath } from '../paths.ts'

export type CredentialsModel = Frame & {
  person: Person
  account: { accountId: string; name: string }
  roleName: string
  /** Just minted, for this page alone. */
  credentials: RoleCredentials
  /** What the section in `~/.aws/credentials` will be called. */
  profile: string
  /** Epoch milliseconds. */
  now: number
}

/** One role's credentials, to copy for each way of using them. */
export function credentialsPage({ account, roleName, credentials, profile, now, ...frame }: CredentialsModel): Html {
  return layout(frame, {
    title: `Credentials for ${roleName} in ${account.name}`,
    kind: 'hall',
    content: html`<nav aria-label="Back"><a class="back" href="${paths.start}">Your accounts</a></nav>
<h1>${roleName}</h1>
<p class="lead">in ${account.name} <code>${account.accountId}</code></p>
<p>These credentials work for <strong>${duration((credentials.expiration - now) / 1000)}</strong>, until
${moment(credentials.expiration)}. Reload the page for new ones. Whoever has them can act as you, so paste them nowhere else.</p>
<h2>Copy for</h2>
<div class="copyables">
${credentialFormats.map((format) =>
  copyable({ id: format, ...labels[format], text: exportCredentials(format, credentials, profile), secret: true }),
)}
</div>
<p class="aside">Tired of copying? <a href="${rolePath('cli', { accountId: account.accountId, roleName })}">Set up the AWS CLI</a>
once, and it fetches credentials by itself.</p>`,
  })
}

const labels: Record<CredentialFormat, { title: string; hint: Html | string }> = {
  sh: { title: 'bash, zsh, sh', hint: 'Paste into a terminal on Linux or macOS.' },
  fish: { title: 'fish', hint: 'Paste into a terminal that runs fish.' },
  powershell: { title: 'PowerShell', hint: 'Paste into a terminal on Windows.' },
  profile: { title: 'Credentials file', hint: html`Add to <code>~/.aws/credentials</code>.` },
  json: { title: 'JSON', hint: html`What a <code>credential_process</code> prints.` },
}
