/** Behind nginx and HAProxy: everything works, addresses are those of people, and no request hides in another. */
import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, before, suite, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { sso, ssooidc } from 'ssooidc'
import { type Result, runCheck } from '../../packages/portico/src/cli/conformance/check.ts'
import { suites } from '../../packages/portico/src/cli/conformance/suites.ts'
import { openTarget, type Person } from '../../packages/portico/src/cli/conformance/target.ts'
import { type Listening, listen } from '../../packages/portico/src/server/node.ts'
import { formBrowser } from '../support/form-browser.ts'
import { type TestInstance, testInstance } from '../support/instance.ts'
import { ownAddress } from '../support/own-address.ts'
import { signInDevice } from '../support/programs.ts'
import { corpus, listeningFor } from '../support/smuggling.ts'
import { openConversation, type RunningProxy, startProxy } from './proxies.ts'

const checks = Object.values(suites).flat()

/** An instance whose people and programs know only the proxy's address. */
async function behind(name: Parameters<typeof startProxy>[0]) {
  const place = await ownAddress()
  const origin = `http://${place.host}:${place.port}`
  const instance = await testInstance({ origin })
  Object.defineProperty(instance.clock, 'now', { get: () => Date.now() })
  const app = listeningFor(instance.app)
  const listening = await listen(app, { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'] })
  const proxy = await startProxy(name, place, listening.port)
  const options = { endpoint: origin }
  return { instance: { ...instance, oidc: ssooidc(options), portal: sso(options) }, app, listening, proxy }
}

type Behind = Awaited<ReturnType<typeof behind>>

async function close({ proxy, listening }: { proxy: RunningProxy; listening: Listening }): Promise<void> {
  await proxy[Symbol.asyncDispose]()
  await listening.close(0)
}

const personAt =
  ({ people }: TestInstance): Person =>
  async (decision, url) => {
    await formBrowser().decide(url, people.alice, decision)
  }

const targetOf = ({ proxy, instance }: Behind) =>
  openTarget({ url: proxy.url, startUrl: `${proxy.url}/start`, person: personAt(instance), client: undefined })

for (const name of ['nginx', 'HAProxy'] as const)
  suite(`behind ${name}`, () => {
    let here: Behind
    before(async () => {
      here = await behind(name)
    })
    after(() => close(here))

    test('the server keeps everything that the conformance kit looks for', async () => {
      const target = targetOf(here)
      const results: Result[] = []
      for (const check of checks) results.push(await runCheck(check, target))
      assert.deepEqual(
        results.filter(({ outcome }) => outcome !== 'passed'),
        [],
      )
    })

    test('a signature of role credentials is the one that was made', async () => {
      const { instance, proxy } = here
      const { accessToken } = await signInDevice({ ...instance, browser: () => formBrowser() })
      const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }
      const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
      const credentials = { ...roleCredentials, expiration: new Date(roleCredentials.expiration) }
      const sts = new STSClient({ endpoint: proxy.url, region: 'us-east-1', credentials })
      const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
      assert.match(Arn ?? '', /ReadOnlyAccess.*\/alice$/)
    })

    test('the address in the log is the one that the proxy saw, whatever the caller says that it is', async () => {
      const { instance, proxy } = here
      instance.log.length = 0
      await new Promise((resolve, reject) => {
        const headers = { 'x-forwarded-for': '203.0.113.9' }
        httpRequest(`${proxy.url}/start`, { localAddress: '127.0.0.7', headers }, (answer) =>
          answer.resume().once('end', resolve),
        )
          .once('error', reject)
          .end()
      })
      assert.deepEqual(
        instance.log.map(({ fields }) => fields.peer),
        ['127.0.0.7'],
      )
    })

    // A proxy may take for two requests what we would refuse: then the sender gets two answers, and nobody is harmed. What must
    // not be is a request that the server sees and the proxy does not, whose answer somebody else would get.
    for (const { what, request } of corpus)
      test(`the server sees no other requests than the proxy in one with ${what}`, async () => {
        const { app, proxy } = here
        app.targets.length = 0
        using sender = openConversation(proxy.url, request)
        // When several others have had their answers, the proxy has done with what came before, on a slow machine too.
        for (const target of others) {
          const next = await fetch(proxy.url + target, { method: 'HEAD', redirect: 'manual' })
          assert.match(next.headers.get('location') ?? '', /awsapps\.com/)
        }
        const seen = app.targets.filter((target) => !others.includes(target))
        assert.deepEqual(
          app.targets.filter((target) => others.includes(target)),
          others,
        )
        await sender.until((heard) => answersIn(heard) >= seen.length)
        const answer = sender.heard()
        assert.ok(seen.length <= answersIn(answer), `${seen} was seen, and answered was:\n${answer}`)
      })
  })

/** What others ask while somebody hides one request in another. */
const others = [1, 2, 3, 4, 5].map((other) => `/start?other=${other}`)

const answersIn = (text: string) => (text.match(/HTTP\/1\.[01] [2-5]\d\d/g) ?? []).length

test('behind nginx as it comes nobody reaches the portal, and the conformance kit says why', async () => {
  const here = await behind('nginx as it comes')
  try {
    const check = checks.find(({ id }) => id === 'aws/accounts')
    assert.ok(check)
    const { outcome, detail = '' } = await runCheck(check, targetOf(here))
    assert.equal(outcome, 'failed')
    assert.match(detail, /headers with an underscore/)
  } finally {
    await close(here)
  }
})
