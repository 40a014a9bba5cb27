/**
 * Relying parties that are somebody else's whole implementation, in two languages: they find everything by discovery, send
 * people here, check what comes back with cryptography of their own, and one signs them out here as well.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { formBrowser } from '../support/form-browser.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { pythonWithAuthlib, relyingParty } from './installed.ts'
import { type Started, startProgram } from './program.ts'

let portico: RunningPortico
before(async () => {
  portico = await startPortico()
})
after(() => portico?.[Symbol.asyncDispose]())

const flaskApplication = join(import.meta.dirname, 'relying-party', 'relying_party.py')
const programs = {
  'express-openid-connect': [process.execPath, relyingParty],
  Authlib: [pythonWithAuthlib, flaskApplication],
} as const

/** The application, running, with a registration of its own. `env` goes into its environment. */
async function application(
  library: keyof typeof programs,
  env: Record<string, string> = {},
): Promise<Started & AsyncDisposable & { url: string }> {
  const [program, file] = programs[library]
  const response = await fetch(`${portico.url}/oauth2/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'A web application',
      redirect_uris: ['http://127.0.0.1/callback'],
      post_logout_redirect_uris: ['http://127.0.0.1/bye'],
      scope: 'openid profile email',
    }),
  })
  const { client_id, client_secret } = (await response.json()) as Record<'client_id' | 'client_secret', string>
  const running = startProgram(program, [file], {
    env: { ISSUER: portico.url, CLIENT_ID: client_id, CLIENT_SECRET: client_secret, ...env },
    cwd: portico.dataDir,
    context: () => `server: ${portico.log().slice(-4000)}`,
  })
  const [, url = ''] = await running.printed(/^(http\S+)\n/)
  return {
    ...running,
    url,
    async [Symbol.asyncDispose]() {
      running.kill()
      await running.ended
    },
  }
}

/** A browser with one jar for the application and one for us, as a real one keeps them apart by port. */
const profile = () => ({ there: formBrowser(), here: formBrowser() })

for (const library of ['express-openid-connect', 'Authlib'] as const) {
  test(`${library} signs a person in, and checks who they are`, async () => {
    await using running = await application(library)
    const { there, here } = profile()
    const sent = await there.open(`${running.url}/profile`)
    const toUs = sent.location ?? ''
    assert.ok(toUs.startsWith(`${portico.url}/authorize?`), running.explain(`sent nobody to us: ${sent.html}`))
    const consented = await here.decide(toUs, portico.person('alice'))
    const { status, html } = await there.open(consented.location ?? '')
    assert.equal(status, 200, running.explain(html))
    const { idTokenClaims, userInfo } = JSON.parse(html)
    assert.deepEqual([idTokenClaims.iss, idTokenClaims.preferred_username], [portico.url, 'alice'])
    assert.equal(userInfo.sub, idTokenClaims.sub)
  })

  test(`${library} hears that a person said no`, async () => {
    await using running = await application(library)
    const { there, here } = profile()
    const { location } = await there.open(`${running.url}/profile`)
    const denied = await here.decide(location ?? '', portico.person('alice'), 'deny')
    const { status, html } = await there.open(denied.location ?? '')
    assert.deepEqual([status, JSON.parse(html)], [400, { error: 'access_denied' }])
  })
}

test('express-openid-connect asks for a sign-in of now with max_age, and holds auth_time against it', async () => {
  await using running = await application('express-openid-connect', { MAX_AGE: '0' })
  const { there, here } = profile()
  await here.decide((await there.open(`${running.url}/profile`)).location ?? '', portico.person('alice'), 'deny')
  const again = await here.open((await there.open(`${running.url}/profile`)).location ?? '')
  assert.match(again.html, /asks that you sign in again/)
  const { username, password } = portico.person('alice')
  const asked = await here.send(again, { username, password })
  const consented = await here.send(asked, { decision: 'approve' })
  const { status, html } = await there.open(consented.location ?? '')
  assert.equal(status, 200, running.explain(html))
})

test('express-openid-connect signs a person out of itself and of us, and gets them back', async () => {
  await using running = await application('express-openid-connect')
  const { there, here } = profile()
  const consented = await here.decide(
    (await there.open(`${running.url}/profile`)).location ?? '',
    portico.person('alice'),
  )
  await there.open(consented.location ?? '')
  const left = (await there.open(`${running.url}/logout`)).location ?? ''
  assert.ok(left.startsWith(`${portico.url}/oauth2/logout?`), running.explain(`left for ${left}`))
  const asked = await here.open(left)
  const request = /name="request" value="([^"]*)"/.exec(asked.html)?.[1] ?? ''
  const back = (await here.send(asked, { request })).location ?? ''
  assert.ok(back.startsWith(`${running.url}/bye`), running.explain(`went to ${back}`))
  assert.match((await there.open(back)).html, /Goodbye/)
  assert.match((await here.open(`${portico.url}/start`)).url, /\/sign-in/)
  assert.ok((await there.open(`${running.url}/profile`)).location?.startsWith(`${portico.url}/authorize?`))
})
