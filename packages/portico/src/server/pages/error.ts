import { type Html, html } from './parts/html.ts'
import { layout } from './parts/layout.ts'
import { isElsewhere, paths } from './paths.ts'

export type ErrorModel = {
  instanceName: string
  /** In a few words, such as `This page does not exist`. */
  title: string
  /** A sentence without stack, SQL or secret. */
  whatHappened: string
  /** A sentence that begins with what the reader can do. */
  whatToDo: string
  /** Somewhere else to go, whose address a stranger may have chosen. */
  link?: { href: string; label: string } | undefined
  /** What an administrator finds the request by. */
  requestId: string
}

/** Says what went wrong and what to do. It needs no session, so it can stand in for any page. */
export function errorPage({ title, whatHappened, whatToDo, link, requestId, ...frame }: ErrorModel): Html {
  return layout(frame, {
    title,
    kind: 'doorway',
    content: html`<h1>${title}</h1>
<p>${whatHappened}</p>
<p>${whatToDo}</p>
${link && isElsewhere(link.href) && html`<p><a href="${link.href}" rel="noreferrer">${link.label}</a></p>`}
<p class="actions"><a class="button" href="${paths.start}">Go to the start page</a></p>
<p class="reference">Request <code>${requestId}</code></p>`,
  })
}
