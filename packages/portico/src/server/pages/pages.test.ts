import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { assets } from './assets.ts'
import { paths, rolePath } from './paths.ts'
import { contentSecurityPolicy } from './policy.ts'
import { samples } from './samples.ts'

const pages = samples.map((sample) => ({ ...sample, text: sample.render().toString() }))

/** Members that say which page it is, not what stands on it, or whose letters are checked before they get here. */
const notShown = new Set(['outcome', 'profile', 'purpose', 'flow', 'kind', 'methods'])

/** The same model with every text replaced. */
function withText(value: unknown, text: string, key = ''): unknown {
  if (typeof value === 'string') return notShown.has(key) || value === '' ? value : text
  if (Array.isArray(value)) return value.map((item) => withText(item, text, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withText(item, text, name)]))
}

function render(sample: (typeof samples)[number], text: string): string {
  return sample.render(withText(sample.model, text) as Record<string, unknown>).toString()
}

/** A page's tags with the names of their attributes, without any text. */
function skeleton(page: string): readonly string[] {
  return (page.match(/<[^<>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'))
}

test('no text of a model ever becomes markup, in any page', () => {
  const fragments = [
    '<script>alert(1)</script>',
    '"><script>alert(1)</script>',
    '<img/src/onerror=alert(1)>',
    '"/onfocus="alert(1)"/autofocus="',
    "'/onfocus='alert(1)",
    '</title></pre></textarea></code>',
    '<!--',
    '-->',
    '&lt;script&gt;',
    'javascript:alert(1)',
    '//evil.example',
    '`{{7*7}}',
    '\u202e',
  ]
  const hostile = fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
  for (const sample of samples) {
    const expected = skeleton(render(sample, 'x'))
    fc.assert(
      fc.property(hostile, (text) => {
        const page = render(sample, text)
        assert.deepEqual(skeleton(page), expected, sample.name)
        for (const [, target = ''] of page.matchAll(/ (?:href|action|src)="([^"]*)"/g)) {
          assert.match(target, /^(?:\/(?!\/)|#|mailto:)/, `${sample.name} leads to ${target}`)
        }
      }),
      { numRuns: 40 },
    )
  }
})

test('text of a model is shown as it is', () => {
  for (const sample of samples.filter(({ name }) => name.startsWith('device-confirm') || name.startsWith('consent'))) {
    assert.ok(render(sample, '<b>&').includes('&lt;b&gt;&amp;'), sample.name)
  }
})

test('every form that posts carries the CSRF token, and a search does not leak it into its address', () => {
  let posting = 0
  for (const { name, text } of pages) {
    for (const [form, method] of text.matchAll(/<form method="(\w+)".*?<\/form>/gs)) {
      const tokens = form.split('<input type="hidden" name="csrf" value="csrf-9f8e7d">').length - 1
      assert.equal(tokens, method === 'post' ? 1 : 0, name)
      posting += tokens
    }
    assert.equal(text.split('<form').length, text.split('<form method=').length, name)
  }
  assert.ok(posting > samples.length / 2)
})

test('no page has a script, a style or a handler inside it', () => {
  for (const { name, text } of pages) {
    assert.deepEqual(text.match(/<script[^>]*>/g), [`<script src="${assets.script.url}" defer>`], name)
    assert.match(text, /<script[^>]*><\/script>/, name)
    for (const tag of skeleton(text)) assert.doesNotMatch(tag, /^<style|\s(?:style|on\w+)=/, name)
  }
})

test('every form leads to one of the fixed paths', () => {
  const fixed: readonly string[] = Object.values(paths)
  for (const { name, text } of pages) {
    for (const [, action = ''] of text.matchAll(/<form[^>]* action="([^"]*)"/g)) assert.ok(fixed.includes(action), name)
  }
})

test('a decision is a button named decision: deny first, then approve, and neither is in a link', () => {
  const deciding = pages.filter(({ name }) => name.startsWith('device-confirm') || name.startsWith('consent'))
  assert.equal(deciding.length, 7)
  for (const { name, text } of deciding) {
    const buttons = [...text.matchAll(/<button name="([^"]*)" value="([^"]*)"/g)].map(([, ...pair]) => pair)
    assert.deepEqual(
      buttons,
      [
        ['decision', 'deny'],
        ['decision', 'approve'],
      ],
      name,
    )
    assert.doesNotMatch(text, /href="[^"]*decision/, name)
  }
})

test('the page that asks for approval says who asks, from where, since when, how far it reaches, and that the name is a claim', () => {
  const text = pages.find(({ name }) => name === 'device-confirm')?.text ?? ''
  for (const told of [
    'BCDF-GHJK',
    'botocore-client-my',
    'unverified',
    '12 seconds ago',
    '203.0.113.7',
    'aws-cli/2.36.7',
    '12 accounts',
    'AdministratorAccess',
    'only if you started this yourself a moment ago',
  ]) {
    assert.ok(text.includes(told), told)
  }
})

test('a request from another network is called out with both addresses', () => {
  const text = pages.find(({ name }) => name === 'device-confirm-other-network')?.text ?? ''
  const [alert = ''] = text.match(/<div class="notice error" role="alert">.*?<\/div>/s) ?? []
  assert.match(alert, /198\.51\.100\.99.*203\.0\.113\.7/s)
})

test('a denial offers to tell the administrator, by mail where an address is known', () => {
  const text = pages.find(({ name }) => name === 'device-denied')?.text ?? ''
  assert.match(text, /href="mailto:it@example\.com\?subject=[^"]*7f3c0a1e-5d/)
  const without = pages.find(({ name }) => name === 'device-denied-without-address')?.text ?? ''
  assert.match(without, /tell your administrator/)
  assert.doesNotMatch(without, /mailto:/)
})

test('every page has a title of its own, one first heading and one main part', () => {
  for (const { name, text } of pages) {
    assert.match(text, /<title>[^<]+ · Acme Portico<\/title>/, name)
    assert.equal(text.match(/<h1/g)?.length, 1, name)
    assert.equal(text.match(/<main/g)?.length, 1, name)
  }
})

test('no two elements of a page have one id, and every label and description finds its element', () => {
  for (const { name, text } of pages) {
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
    assert.equal(new Set(ids).size, ids.length, name)
    for (const [, references = ''] of text.matchAll(/ (?:for|aria-labelledby|aria-describedby|data-copy)="([^"]*)"/g)) {
      for (const reference of references.split(' ')) assert.ok(ids.includes(reference), `${name}: ${reference}`)
    }
  }
})

test('a role is named in the query of its pages, whatever its name holds', () => {
  const url = new URL(rolePath('credentials', { accountId: '1&2', roleName: 'a=b#c d' }), 'https://portico.example.com')
  assert.equal(url.pathname, paths.credentials)
  assert.deepEqual(
    [...url.searchParams],
    [
      ['account_id', '1&2'],
      ['role_name', 'a=b#c d'],
    ],
  )
})

test('every static file is served, and the style sheet asks for no other', () => {
  const served = Object.values(assets).map(({ path }) => path)
  assert.deepEqual(
    served.toSorted(),
    readdirSync(new URL('static', import.meta.url))
      .map((name) => `/start/${name}`)
      .toSorted(),
  )
  for (const [, name = ''] of new TextDecoder().decode(assets.style.body).matchAll(/url\("([^"]*)"\)/g)) {
    assert.ok(served.includes(`/start/${name}`), name)
  }
})

test('a static file is asked for under its content, so that it may be kept for ever', () => {
  for (const asset of Object.values(assets)) {
    assert.match(asset.version, /^[\w-]{12}$/)
    assert.equal(asset.url, `${asset.path}?v=${asset.version}`)
  }
})

test('the policy lets nothing inline run, nobody frame a page, and a consent lead only where it was asked to', () => {
  assert.match(contentSecurityPolicy(), /^default-src 'none'; .*form-action 'self'; .*frame-ancestors 'none'/)
  assert.doesNotMatch(contentSecurityPolicy(), /unsafe/)
  const formAction = (uri: string) => /form-action ([^;]*);/.exec(contentSecurityPolicy(uri))?.[1]
  assert.equal(formAction('http://127.0.0.1:39179/oauth/callback?x=1'), "'self' http://127.0.0.1:39179")
  assert.equal(formAction('http://[::1]:39179/oauth/callback'), "'self' http:")
  assert.equal(formAction('com.example.app:/callback'), "'self' com.example.app:")
})
