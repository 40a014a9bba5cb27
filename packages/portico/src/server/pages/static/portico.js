/**
 * Makes pages that already work more pleasant: copies text, filters the list of accounts while somebody types, shows times
 * in the reader's own zone, and puts the focus on Deny or on the first field. Passkeys alone need it: it asks the browser for
 * one and puts the answer into the page's form. It sends nothing but those forms.
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

/** What to say when the browser gives no passkey, by the name of its error. */
const passkeyProblems = {
  NotAllowedError: 'Nothing was sent: it was cancelled, or it took too long. Try again.',
  InvalidStateError: 'This device holds a passkey for you already.',
  NotSupportedError: 'This device cannot hold a passkey of the kind that is needed here.',
  SecurityError: 'Passkeys do not work under the address that this page has.',
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const missing = form.querySelector('[data-passkey-missing]')
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    missing.textContent = 'This browser has no passkeys.'
    continue
  }
  const problem = form.querySelector('[data-passkey-problem]')
  missing.hidden = true
  form.querySelector('[data-passkey-ready]').hidden = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    problem.hidden = true
    try {
      const options = JSON.parse(form.dataset.options)
      const credential =
        form.dataset.passkey === 'create'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
      form.elements.credential.value = JSON.stringify(credential)
      // Sends it without asking this listener again.
      form.submit()
    } catch (error) {
      problem.textContent = passkeyProblems[error.name] ?? `The browser gave no passkey (${error.name}).`
      problem.hidden = false
    }
  })
}
