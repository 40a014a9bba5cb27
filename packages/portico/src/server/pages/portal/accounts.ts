import { type Html, html } from '../parts/html.ts'
import { type Frame, layout, type Person } from '../parts/layout.ts'
import { count } from '../parts/words.ts'
import { paths, rolePath } from '../paths.ts'

/** An account and the roles that the person has there. */
export type PortalAccount = {
  accountId: string
  name: string
  emailAddress?: string | null | undefined
  roles: readonly string[]
}

export type AccountsModel = Frame & {
  person: Person
  /** All of them, in the order to show; the page filters. */
  accounts: readonly PortalAccount[]
  /** What `q` asks for; empty for all. */
  query: string
}

/**
 * The access portal's first page. Filters by the query parameter `q`; accounts that do not match are there but hidden, so
 * that the script can show them again without asking the server.
 */
export function accountsPage({ accounts, query, ...frame }: AccountsModel): Html {
  const found = accounts.map((account) => matches(account, query))
  return layout(frame, {
    title: 'Your accounts',
    kind: 'hall',
    content: html`<div class="hall-head">
<div>
<h1>Your accounts</h1>
<p class="lead">Choose a role to get its credentials, or to set up the AWS CLI for it.</p>
</div>
${accounts.length > 1 && filter(query, accounts.length, found.filter(Boolean).length)}
</div>
${accounts.length === 0 && none}
<ul class="accounts" data-filtered>
${accounts.map((account, index) => row(account, found[index] === true))}
</ul>
<p class="empty" data-filter-empty${(accounts.length === 0 || found.includes(true)) && html` hidden`}>No account matches.
<a href="${paths.start}">Show all</a></p>`,
  })
}

const none = html`<div class="empty">
<p><strong>You have no accounts yet.</strong></p>
<p>Ask your administrator to assign you a role. It appears here as soon as that is done.</p>
</div>`

function filter(query: string, all: number, shown: number): Html {
  return html`<form method="get" action="${paths.start}" role="search" class="filter">
<label for="q">Find an account or role</label>
<div class="filter-line">
<input id="q" name="q" type="search" value="${query}" autocomplete="off" spellcheck="false" data-filter>
<button class="quiet" data-filter-button>Find</button>
</div>
<p class="hint" role="status" data-filter-status>${
    shown === all ? count(all, 'account') : `${shown} of ${count(all, 'account')}`
  }</p>
</form>`
}

function row(account: PortalAccount, shown: boolean): Html {
  const { accountId, name, emailAddress, roles } = account
  return html`<li class="account" data-search="${searched(account)}"${!shown && html` hidden`}>
<div class="account-name">
<h2>${name}</h2>
<p class="muted"><code>${accountId}</code>${emailAddress && html`<br>${emailAddress}`}</p>
</div>
<ul class="roles" aria-label="Roles in ${name}">
${roles.map((roleName) => {
  const role = { accountId, roleName }
  const where = html`<span class="visually-hidden"> for ${roleName} in ${name}</span>`
  return html`<li>
<span class="role-name">${roleName}</span>
<span class="role-links"><a href="${rolePath('credentials', role)}">Credentials${where}</a>
<a href="${rolePath('cli', role)}">CLI set-up${where}</a></span>
</li>`
})}
</ul>
</li>`
}

/** An account matches when each word of the query is somewhere in what is searched. The script does the same. */
function matches(account: PortalAccount, query: string): boolean {
  const text = searched(account)
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function searched({ accountId, name, emailAddress, roles }: PortalAccount): string {
  return [name, accountId, emailAddress ?? '', ...roles].join(' ').toLowerCase()
}
