import { type Hole, type Html, html } from './html.ts'

/** A form that changes something: it posts, and carries the browser's CSRF token. There is no other way to make one. */
export function form({
  action,
  csrf,
  className,
  attributes,
  content,
}: {
  /** A path of `paths.ts`. */
  action: string
  csrf: string
  className?: string
  /** Further attributes of the element, each with a blank before it. */
  attributes?: Html
  content: Html
}): Html {
  return html`<form method="post" action="${action}" class="${className ?? 'form'}"${attributes}>
<input type="hidden" name="csrf" value="${csrf}">
${content}
</form>`
}

/** A labelled field of one line. A hint and an error are read out with the label. */
export function field({
  name,
  label,
  value,
  hint,
  error,
  type = 'text',
  autocomplete,
  className,
  optional = false,
  focused = false,
  digits = false,
  minLength,
  maxLength = 128,
}: {
  /** Name on the wire, and the element's id. */
  name: string
  label: string
  value?: string | undefined
  hint?: string | undefined
  error?: string | undefined
  type?: 'text' | 'email' | 'password'
  /** @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill */
  autocomplete: string
  className?: string
  optional?: boolean
  /** Whether typing can begin at once, where the script runs. At most one a page. */
  focused?: boolean
  /** Whether a phone should show digits to type. */
  digits?: boolean
  minLength?: number
  maxLength?: number
}): Html {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  // Names of people are words; everything else here is typed exactly as it is.
  const literal = autocomplete !== 'name' && html` autocapitalize="none" autocorrect="off" spellcheck="false"`
  return html`<div class="field">
<label for="${name}">${label}${optional && html` <span class="muted">(optional)</span>`}</label>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
${error && html`<p class="field-error" id="${name}-error"><span class="visually-hidden">Error: </span>${error}</p>`}
<input id="${name}" name="${name}" type="${type}" value="${value ?? ''}" autocomplete="${autocomplete}" maxlength="${maxLength}"${[
    minLength !== undefined && html` minlength="${minLength}"`,
    className !== undefined && html` class="${className}"`,
    described !== '' && html` aria-describedby="${described}"`,
    error !== undefined && html` aria-invalid="true"`,
    digits && html` inputmode="numeric"`,
    !optional && html` required`,
    focused && html` data-focus-first`,
    literal,
  ]}>
</div>`
}

/** A new password, twice: the fields `password` and `password_again`. */
export function newPassword(
  label: string,
  minimum: number,
  errors: { password?: string | undefined; password_again?: string | undefined },
): Html {
  const both = { type: 'password', autocomplete: 'new-password', minLength: minimum, maxLength: 1024 } as const
  const hint = `At least ${minimum} characters. A few unrelated words do well.`
  return html`${field({ ...both, name: 'password', label, hint, error: errors.password })}
${field({ ...both, name: 'password_again', label: `${label}, again`, error: errors.password_again })}`
}

/** A box that says what went wrong, or must be known before anything else. `role="alert"` makes readers say it at once. */
export function notice(kind: 'error' | 'warning' | 'information', ...content: readonly Hole[]): Html {
  return html`<div class="notice ${kind}"${kind !== 'information' && html` role="alert"`}>${content}</div>`
}

/**
 * Deny and Approve: alike in size, Deny first in reading and in tab order, so that Enter in the form denies. The script moves
 * the focus to Deny without scrolling; the `autofocus` attribute would scroll past what has to be read first.
 */
export function decision(): Html {
  return html`<div class="decision">
<button name="decision" value="deny" class="deny" formnovalidate data-focus-first>Deny</button>
<button name="decision" value="approve" class="approve">Approve</button>
</div>`
}
