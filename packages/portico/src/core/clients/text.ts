/**
 * Text that strangers chose and people will read: client names, user agents. What it says may be a lie; what it looks like
 * may not be one.
 *
 * Not its job: escaping. Pages do that.
 */

/** Controls, surrogates, private use, and what is drawn as nothing or turns the text around: bidi, joiners, fillers, tags. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu
/** Every kind of blank, tabs and line ends included, and the braille pattern without a dot. */
const BLANKS = /[\s\p{Z}\u2800]+/gu
/** Three marks on one letter are ordinary in several scripts; a tower of them covers its neighbours' lines. */
const TOWERS = /(\p{M}{4})\p{M}+/gu

/**
 * The text as one line of at most `maxCodePoints` code points, in Unicode's normal form C, without characters that cannot
 * be seen or that turn the text around. Cleaning twice changes nothing more. May be empty.
 *
 * @see https://www.unicode.org/reports/tr36/
 */
export function cleanDisplayText(text: string, maxCodePoints: number): string {
  const visible = text.toWellFormed().replace(BLANKS, ' ').replace(UNSEEN, '')
  const even = visible.normalize('NFC').replace(TOWERS, '$1').replace(BLANKS, ' ').trim()
  return [...even].slice(0, maxCodePoints).join('').trimEnd()
}
