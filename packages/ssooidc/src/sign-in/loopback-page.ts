/** What the browser shows at the end, before the person goes back to the program. */

/** The end of a sign-in. */
export function endPage(ok: boolean, message: string): string {
  return ok
    ? page('Signed in', message || 'You can close this page and go back to your program.')
    : page('Not signed in', message)
}

/** For requests that have nothing to do with a sign-in that is under way. */
export function strayPage(): string {
  return page('Nothing here', 'This address is only for a sign-in that is under way. Start it again in your program.')
}

function page(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${inHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }
body { display: grid; min-height: 100vh; margin: 0; place-content: center; padding: 1rem; text-align: center }
</style>
<main>
<h1>${inHtml(title)}</h1>
<p>${inHtml(text)}</p>
</main>
</html>
`
}

function inHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => names[character] ?? '')
}
