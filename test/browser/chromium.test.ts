import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchChromium } from './chromium.ts'

test('a browser is to be had on this machine, and it clicks and draws text', async () => {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.setContent('<button onclick="document.title = \'clicked\'">Approve</button>')
    await page.click('button')
    assert.equal(await page.title(), 'clicked')
    // A browser without a font lays the label out with no width: everything a screenshot shows would be blank.
    const width = await page.evaluate('document.createElement("canvas").getContext("2d").measureText("Approve").width')
    assert.ok(Number(width) > 20, `the label is ${width} pixels wide`)
  } finally {
    await browser.close()
  }
})
