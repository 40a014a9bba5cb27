import { html as template } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Markup whose every hole has been escaped. */
export type Html = HtmlEscapedString

/** What a hole may hold: text, which is escaped; markup, which is not; nothing; or a list of these. */
export type Hole = string | number | Html | false | null | undefined | readonly Hole[]

/**
 * The only way in which these pages make markup. Hono's template escapes; this one also refuses, by type, what a view has no
 * business with, such as objects and promises. Put every attribute's value in double quotes.
 */
export function html(strings: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  const markup = template(strings, ...holes)
  if (markup instanceof Promise) throw new Error('a view waits for nothing')
  return markup
}
