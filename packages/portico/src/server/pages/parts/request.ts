import { type Hole, type Html, html } from './html.ts'
import { count, scopesInWords } from './words.ts'

/** What an approval opens. */
export type Reach = {
  accounts: number
  /** The role that can do most; absent for somebody without any. */
  strongestRole?: string | undefined
}

/** Rows of a list of facts: what it is, and what is known of it. */
export function facts(rows: readonly (readonly [term: string, ...description: readonly Hole[]])[]): Html {
  return html`<dl class="facts">
${rows.map(([term, ...description]) => html`<div><dt>${term}</dt><dd>${description}</dd></div>\n`)}
</dl>`
}

/** Anybody can register a client under any name, so a name never stands without this mark. */
export function claimedName(clientName: string): Html {
  return html`<bdi class="claimed">${clientName}</bdi> <strong class="badge">unverified</strong>
<p class="hint">The program chose this name itself.</p>`
}

/** What the program may do, from its scopes. */
export function permissions(scopes: readonly string[]): Html {
  return html`<ul class="plain">${scopesInWords(scopes).map((words) => html`<li>${words}</li>`)}</ul>`
}

/** How far an approval goes. */
export function reached({ accounts, strongestRole }: Reach): Html {
  if (strongestRole === undefined || accounts === 0) return html`No accounts`
  return html`<strong>${count(accounts, 'account')}</strong>, with up to <strong>${strongestRole}</strong>`
}
