/** XML, as far as answers need it: elements as data, written with everything escaped. */

/** An element. Its content is text, or elements in order. Names are ours, and written as they are. */
export type XmlElement = {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly content: string | readonly XmlElement[]
}

/** The element as text. */
export function writeXml({ name, attributes = {}, content }: XmlElement): string {
  const written = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escapeText(value)}"`)
  const inside = typeof content === 'string' ? escapeText(content) : content.map(writeXml).join('')
  return `<${name}${written.join('')}>${inside}</${name}>`
}

/**
 * Text as XML 1.0 can hold it. What it cannot hold, not even escaped, becomes U+FFFD; a carriage return is escaped, since
 * readers turn a bare one into a line feed.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\r]/g, (char) => `&#${char.charCodeAt(0)};`)
}
