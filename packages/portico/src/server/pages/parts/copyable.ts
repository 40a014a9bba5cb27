import { type Html, html } from './html.ts'

/**
 * Text to copy, under a heading. The script adds a button that copies; without it, people select. A secret text stays folded
 * until somebody asks to see it, for screens are shared.
 */
export function copyable({
  id,
  title,
  hint,
  text,
  secret = false,
}: {
  /** Unique on the page. */
  id: string
  title: string
  hint?: Html | string | undefined
  text: string
  secret?: boolean
}): Html {
  // Lines that are longer than the screen scroll; the tab stop lets a keyboard do that too.
  const body = html`<pre id="${id}" class="code" tabindex="0" role="group" aria-labelledby="${id}-title">${text}</pre>`
  return html`<section class="copyable" aria-labelledby="${id}-title">
<div class="copyable-head">
<h3 id="${id}-title">${title}</h3>
<button type="button" class="quiet" data-copy="${id}" aria-describedby="${id}-title" hidden>Copy</button>
</div>
${hint !== undefined && html`<p class="hint">${hint}</p>`}
${secret ? html`<details><summary>Show<span class="visually-hidden"> ${title}</span></summary>${body}</details>` : body}
</section>`
}
