/** boto3, unmodified, reads the directory with all eleven operations. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { listen } from '../../packages/portico/src/server/node.ts'
import { testInstance } from '../support/instance.ts'
import { signInDevice } from '../support/programs.ts'
import { pythonWithBoto3 } from './installed.ts'

test('boto3 reads people, groups and memberships of the directory', async () => {
  const instance = await testInstance()
  // boto3 signs by the machine's clock.
  instance.clock.now = Date.now()
  const organization = await instance.storage.readOrganization({})
  const permissionSets = organization.permissionSets.map((set) => ({ ...set, administrator: true }))
  const audit = { at: instance.clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  await instance.storage.applyOrganization({ organization: { ...organization, permissionSets }, now: audit.at, audit })
  const { accessToken } = await signInDevice(instance)
  const role = { accountId: '111111111111', roleName: 'AdministratorAccess' }
  const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
  const { url, close } = await listen(instance.app, { host: '127.0.0.1', port: 0, trustedProxies: [] })
  after(() => close(0))

  const { identityStoreId } = instance.deps.instance
  assert.deepEqual(await ask({ endpoint: url, identityStoreId, ...roleCredentials }), {
    users: ['alice', 'bob'],
    groups: ['Engineers'],
    alice: 'alice',
    engineers: 'Engineers',
    member: true,
    isMember: true,
    members: 2,
    groupsOf: 1,
    missing: 'ResourceNotFoundException',
  })
})

function ask(asked: object): Promise<unknown> {
  return new Promise((done, failed) => {
    const child = execFile(pythonWithBoto3, [join(import.meta.dirname, 'boto3-identity-store.py')], (error, stdout) => {
      if (error) failed(error)
      else done(JSON.parse(stdout))
    })
    child.stdin?.end(JSON.stringify(asked))
  })
}
