/**
 * Makes pages that already work more pleasant: copies text, filters the list of accounts while somebody types, shows times
 * in the reader's own zone, and puts the focus on Deny or on the first field. It never sends anything anywhere.
 */

/** One place in which screen readers hear of what happened. */
const announcements = document.createElement('p')
announcements.className = 'visually-hidden'
announcements.setAttribute('role', 'status')
document.body.append(announcements)

// Without scrolling: what stands above has to be read first.
document.querySelector('[data-focus-first]')?.focus({ preventScroll: true })

for (const time of document.querySelectorAll('time[data-local]')) {
  time.title = time.textContent
  time.textContent = new Date(time.dateTime).toLocaleString([], { dateStyle: 'long', timeStyle: 'short' })
}

// Browsers have a clipboard only on https and on this computer's own addresses.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button[data-copy]')) {
    const label = button.textContent
    button.hidden = false
    button.addEventListener('click', async () => {
      const text = document.getElementById(button.dataset.copy)
      try {
        await navigator.clipboard.writeText(text.textContent)
        button.textContent = 'Copied'
      } catch {
        // Refused: show the text and select it, so that a keystroke copies it.
        text.closest('details')?.setAttribute('open', '')
        getSelection().selectAllChildren(text)
        button.textContent = 'Selected'
      }
      announcements.textContent = button.textContent
      setTimeout(() => {
        button.textContent = label
        announcements.textContent = ''
      }, 2500)
    })
  }
}

const filter = document.querySelector('input[data-filter]')
if (filter) {
  const items = [...document.querySelectorAll('[data-filtered] > [data-search]')]
  const empty = document.querySelector('[data-filter-empty]')
  const status = document.querySelector('[data-filter-status]')
  document.querySelector('[data-filter-button]').hidden = true

  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/)
    let shown = 0
    for (const item of items) {
      item.hidden = !words.every((word) => item.dataset.search.includes(word))
      if (!item.hidden) shown += 1
    }
    empty.hidden = shown > 0
    status.textContent = shown === items.length ? `${shown} accounts` : `${shown} of ${items.length} accounts`
    // A reload, or the way back from a role's page, finds the same list.
    const address = new URL(location.href)
    if (filter.value.trim() === '') address.searchParams.delete('q')
    else address.searchParams.set('q', filter.value)
    history.replaceState(null, '', address)
  }
  filter.addEventListener('input', show)
  filter.form.addEventListener('submit', (event) => event.preventDefault())
}
