import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { accountsPage } from '../../packages/portico/src/server/pages/pages.ts'
import { samples } from '../../packages/portico/src/server/pages/samples.ts'
import { launchChromium } from './chromium.ts'
import { type Look, looks, type Pages, showPages } from './show-pages.ts'

let browser: Browser
let pages: Pages

before(async () => {
  pages = await showPages()
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await pages?.close()
})

/** The narrowest screen on which WCAG 1.4.10 wants everything readable without scrolling sideways. */
const narrow: Look = { name: 'narrow.light', colorScheme: 'light', viewport: { width: 320, height: 640 } }
const phone = looks.find(({ name }) => name === 'phone.light') ?? narrow
const desk = looks.find(({ name }) => name === 'desk.dark') ?? narrow

async function inTab(look: Look, act: (tab: Page) => Promise<void>, javaScriptEnabled = true): Promise<void> {
  const tab = await pages.openTab(browser, look, javaScriptEnabled)
  try {
    await act(tab)
  } finally {
    await tab.context().close()
  }
}

for (const look of [phone, desk, narrow]) {
  test(`axe-core finds nothing in any page, and the browser has nothing to complain of: ${look.name}`, async () => {
    await inTab(look, async (tab) => {
      const found = new Map<string, readonly string[]>()
      for (const name of pages.names) found.set(name, await pages.visit(tab, name))
      assert.deepEqual(
        [...found].filter(([, problems]) => problems.length > 0),
        [],
      )
    })
  })
}

test('whatever is pressed on a phone is at least 44 pixels high and wide, but for links within a sentence', async () => {
  await inTab(phone, async (tab) => {
    for (const name of pages.names) {
      await tab.goto(pages.url(name))
      const targets = tab.locator(
        'button:visible, summary:visible, input:not([type=hidden]):visible, a:visible:not(p:not(.actions) a, .skip)',
      )
      for (const target of await targets.all()) {
        const box = await target.boundingBox()
        assert.ok(
          box !== null && box.height >= 43.9 && box.width >= 43.9,
          `${name}: ${await target.textContent()} ${JSON.stringify(box)}`,
        )
      }
    }
  })
})

test('Deny has the focus, is as large as Approve, and the page stays at its top', async () => {
  for (const name of ['device-confirm', 'device-confirm-other-network', 'consent']) {
    await inTab(phone, async (tab) => {
      await tab.goto(pages.url(name))
      assert.equal(await tab.locator(':focus').getAttribute('value'), 'deny', name)
      assert.equal(await tab.evaluate('scrollY'), 0, name)
      const [deny, approve] = await Promise.all(
        ['deny', 'approve'].map((value) => tab.locator(`[value=${value}]`).boundingBox()),
      )
      assert.deepEqual([deny?.width, deny?.height], [approve?.width, approve?.height], name)
    })
  }
})

for (const javaScript of [true, false]) {
  test(`a decision is posted with the code and the CSRF token ${javaScript ? 'with' : 'without'} the script`, async () => {
    for (const decision of ['deny', 'approve']) {
      await inTab(
        phone,
        async (tab) => {
          await tab.goto(pages.url('device-confirm'))
          const [request] = await Promise.all([tab.waitForRequest('**/device'), tab.click(`[value=${decision}]`)])
          assert.equal(request.method(), 'POST')
          assert.deepEqual(Object.fromEntries(new URLSearchParams(request.postData() ?? '')), {
            csrf: 'csrf-9f8e7d',
            user_code: 'BCDF-GHJK',
            decision,
          })
        },
        javaScript,
      )
    }
  })
}

test('a keyboard alone reaches every button and link, in the order in which they stand', async () => {
  await inTab(
    phone,
    async (tab) => {
      await tab.goto(pages.url('device-confirm'))
      const reached: string[] = []
      for (let press = 0; press < 6; press++) {
        await tab.keyboard.press('Tab')
        reached.push(((await tab.locator(':focus').textContent()) ?? '').trim())
      }
      assert.deepEqual(reached, [
        'Skip to content',
        'Acme Portico',
        'Account of Alice Liddell',
        'Sign out',
        'Deny',
        'Approve',
      ])
    },
    false,
  )
})

test('without the script there is no button that needs it, and everything else is there', async () => {
  await inTab(
    phone,
    async (tab) => {
      await tab.goto(pages.url('credentials'))
      assert.equal(await tab.getByRole('button', { name: 'Copy' }).count(), 0)
      await tab.getByText('Show bash, zsh, sh').click()
      assert.match((await tab.locator('#sh').textContent()) ?? '', /^export AWS_ACCESS_KEY_ID='ASIAEXAMPLEKEYID0001'$/m)
      await tab.goto(pages.url('accounts'))
      await tab.fill('input[name=q]', 'lake')
      const [request] = await Promise.all([
        tab.waitForRequest('**/start?**'),
        tab.getByRole('button', { name: 'Find' }).click(),
      ])
      assert.equal(new URL(request.url()).search, '?q=lake')
    },
    false,
  )
})

test('secrets are not on the screen until somebody asks for them', async () => {
  await inTab(phone, async (tab) => {
    await tab.goto(pages.url('credentials'))
    assert.equal(await tab.getByText('AWS_SECRET_ACCESS_KEY').locator('visible=true').count(), 0)
  })
})

test('Copy copies exactly the text, says so, and needs nothing to be shown', async () => {
  await inTab(phone, async (tab) => {
    await tab.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await tab.goto(pages.url('credentials'))
    await tab.locator('[data-copy=fish]').click()
    await tab.getByRole('status').getByText('Copied').waitFor({ state: 'attached' })
    const copied = await tab.evaluate('navigator.clipboard.readText()')
    assert.equal(copied, await tab.locator('#fish').textContent())
    assert.match(String(copied), /^set -gx AWS_ACCESS_KEY_ID 'ASIA/)
  })
})

test('the list of accounts filters while somebody types, and finds what the server would find', async () => {
  const sample = samples.find(({ name }) => name === 'accounts')
  assert.ok(sample)
  await inTab(phone, async (tab) => {
    await tab.goto(pages.url('accounts'))
    for (const query of ['', 'lake', 'READ  store', '3333', 'staging power', ' ', 'zebra', '@example']) {
      await tab.fill('input[name=q]', query)
      const shown = await tab.locator('.account:visible h2').allTextContents()
      const byServer: string = accountsPage({
        ...(sample.model as Parameters<typeof accountsPage>[0]),
        query,
      }).toString()
      const expected = [...byServer.matchAll(/<li class="account"[^>]*?( hidden)?>\s*<div[^>]*>\s*<h2>([^<]*)/g)]
      assert.deepEqual(
        shown,
        expected.filter(([, hidden]) => !hidden).map(([, , name]) => name),
        query,
      )
      assert.equal(await tab.getByText('No account matches').isVisible(), shown.length === 0, query)
      const kept = new URL(tab.url()).searchParams.get('q')
      assert.equal(kept, query.trim() === '' ? null : query)
    }
  })
})

test('times are told in the reader’s own zone', async () => {
  await inTab(phone, async (tab) => {
    await tab.goto(pages.url('credentials'))
    assert.match((await tab.locator('time').textContent()) ?? '', /1:59/)
    assert.match((await tab.locator('time').getAttribute('title')) ?? '', /12:59 UTC/)
  })
})
