import { form } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { type Frame, layout } from '../parts/layout.ts'
import { claimedName, facts } from '../parts/request.ts'
import { moment } from '../parts/words.ts'
import { paths } from '../paths.ts'
import { place } from './signed-in.ts'

export type DisownModel = Omit<Frame, 'person'> & {
  /** The link that the letter brought, which the form carries on. */
  link: string
  /** What the program calls itself. */
  clientName: string
  /** From where it fetched its tokens. */
  address: string
  userAgent: string
  since: number
  /** When its access ended, if it has. */
  endedAt: number | null
  /** Whom to tell. */
  administratorEmail?: string | undefined
}

/** Where the link of a letter about a program elsewhere leads: one button that ends its access. Posts `link` to `/account/disown`. */
export function disownPage(model: DisownModel): Html {
  return model.endedAt === null ? ask(model) : over(model, model.endedAt)
}

function ask(model: DisownModel): Html {
  return layout(frameOf(model), {
    title: 'End this program’s access?',
    kind: 'doorway',
    content: html`<h1>End this program’s access?</h1>
<p class="lead">A program in another network got access as you. If you are not at it yourself, end that now.</p>
${factsOf(model)}
${form({
  action: paths.disown,
  csrf: model.csrf,
  content: html`<input type="hidden" name="link" value="${model.link}">
<button class="deny wide">End its access</button>`,
})}
<p>If it is yours, close this page: nothing has changed.</p>`,
  })
}

function over(model: DisownModel, endedAt: number): Html {
  return layout(frameOf(model), {
    title: 'Its access is over',
    kind: 'doorway',
    content: html`<h1>Its access is over</h1>
<p class="lead">The program has no access any more, since ${moment(endedAt)}. Its tokens are of no use to anybody.</p>
${factsOf(model)}
<p>If you did not start it, somebody talked you into letting it in. Tell ${
      model.administratorEmail ?? 'your administrator'
    }, and look at what else is signed in as you.</p>
<p class="actions"><a class="button quiet" href="${paths.account}">Go to your account</a></p>`,
  })
}

function factsOf({ clientName, address, userAgent, since }: DisownModel): Html {
  return facts([
    ['Program', claimedName(clientName)],
    ['Where', place(address, userAgent)],
    ['Since', moment(since)],
  ])
}

/** Nobody is signed in by such a link, whoever may be at this browser. */
function frameOf({ instanceName, csrf }: DisownModel): Omit<Frame, 'person'> {
  return { instanceName, csrf }
}
