import { form, notice } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { claimedName, facts } from '../parts/request.ts'
import { moment } from '../parts/words.ts'
import { paths } from '../paths.ts'
import { place } from './signed-in.ts'

/** A program that was let in from another network. */
export type DistantProgram = {
  /** Its session's. */
  id: string
  /** What it calls itself. */
  name: string
  /** Where its sign-in began. */
  address: string
  userAgent: string
  at: number
  /** Whether it still has access. */
  alive: boolean
}

/** Tells of it, with one button that ends its access and one for whoever knows of it. Both post to `/account/sessions`. */
export function distantProgram(program: DistantProgram, csrf: string): Html {
  const { id, name, alive } = program
  return notice(
    alive ? 'error' : 'warning',
    html`<p><strong>A program in another network got access as you.</strong> ${
      alive
        ? 'If you are not at it yourself, end its access now, and tell your administrator.'
        : 'Its access is over. If you were not at it yourself, tell your administrator.'
    }</p>
${distantFacts(program)}
<div class="actions pair">
${
  alive &&
  form({
    action: paths.sessions,
    csrf,
    content: html`<input type="hidden" name="session" value="${id}">
<button class="deny">End its access<span class="visually-hidden">: ${name}</span></button>`,
  })
}
${form({
  action: paths.sessions,
  csrf,
  content: html`<input type="hidden" name="known" value="${id}">
<button class="quiet">I know of it<span class="visually-hidden">: ${name}</span></button>`,
})}
</div>`,
  )
}

/** What is known of it. */
export function distantFacts({ name, address, userAgent, at }: Omit<DistantProgram, 'id' | 'alive'>): Html {
  return facts([
    ['Program', claimedName(name)],
    ['Began at', place(address, userAgent)],
    ['Got access', moment(at)],
  ])
}
