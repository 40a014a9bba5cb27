import { assets } from '../assets.ts'
import { paths } from '../paths.ts'
import { form } from './form.ts'
import { type Html, html } from './html.ts'

/** Who is signed in at this browser. */
export type Person = { displayName: string; userName: string }

/** What every page's model carries. */
export type Frame = {
  /** What the organization calls its Portico. */
  instanceName: string
  /** The token that each of the page's forms sends back as `csrf`. */
  csrf: string
  /** Absent on pages that nobody has to be signed in for. */
  person?: Person | undefined
}

/**
 * The frame of every page. A `doorway` asks one question in a card; a `hall` has room for lists.
 *
 * @param title names the page in the browser's history, most telling words first
 */
export function layout(
  { instanceName, csrf, person }: Partial<Frame> & Pick<Frame, 'instanceName'>,
  { title, kind, content }: { title: string; kind: 'doorway' | 'hall'; content: Html },
): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · ${instanceName}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" type="image/svg+xml" href="${assets.mark.url}">
<link rel="stylesheet" href="${assets.style.url}">
<script src="${assets.script.url}" defer></script>
</head>
<body class="${kind}">
<a class="skip" href="#content">Skip to content</a>
<header class="top">
<a class="brand" href="${paths.start}"><span class="mark"></span>${instanceName}</a>
${person && csrf !== undefined && signedIn(person, csrf)}
</header>
<div class="frieze"></div>
${kind === 'hall' ? html`<main id="content" tabindex="-1">${content}</main>` : temple(content)}
</body>
</html>
`
}

function signedIn(person: Person, csrf: string): Html {
  return form({
    action: paths.signOut,
    csrf,
    className: 'signed-in',
    content: html`<a class="who" href="${paths.account}"><span class="who-short">Account<span class="visually-hidden"> of</span></span> <span
class="who-name">${person.displayName}</span></a>
<button class="quiet">Sign out</button>`,
  })
}

/** Columns, gable and steps are empty boxes that the style sheet draws where there is room. */
function temple(content: Html): Html {
  return html`<div class="temple">
<div class="pediment"></div>
<div class="column"></div>
<main id="content" tabindex="-1" class="card">${content}</main>
<div class="column"></div>
<div class="steps"></div>
</div>`
}
