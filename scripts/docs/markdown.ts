/** Markdown, as far as the reference needs it. */

/** The first line of every drawn page. */
export const DRAWN = '<!-- Drawn by `npm run docs`. Change what it is drawn from, not this page. -->'

/** A table whose cells may hold bars and line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export const code = (text: string): string => `\`${text}\``

/** Links under what they lead to: `RFC 8628 §3.5`, `AWS: CreateToken`. */
export function links(urls: readonly string[]): string {
  return urls.map((url) => `[${titleOf(url)}](${url})`).join(' · ')
}

function titleOf(url: string): string {
  const rfc = /\/rfc(\d+)(?:#section-([\d.]+))?$/.exec(url)
  if (rfc) return `RFC ${rfc[1]}${rfc[2] ? ` §${rfc[2]}` : ''}`
  const page = /\/(?:API_)?(\w+)\.html/.exec(url)?.[1]
  if (page) return `AWS: ${/welcome/i.test(page) ? 'reference' : page}`
  return url
}

/** A page of blocks, with one empty line between two. */
export const page = (...blocks: readonly string[]): string => `${blocks.filter((block) => block !== '').join('\n\n')}\n`
