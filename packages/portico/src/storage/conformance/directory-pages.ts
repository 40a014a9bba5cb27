import assert from 'node:assert/strict'
import type { Storage } from '../storage.ts'
import type { Check } from './conformance.ts'
import { anOrganization, apply, userNamed } from './records.ts'

/** What whoever copies the directory reads. */
export function directoryPages(check: Check): void {
  check('pages of users, in the order of ids, are together everybody once', async (storage) => {
    await apply(storage)
    const users = await pagesOf((page) => storage.listUsers(page))
    assert.deepEqual(users.map(({ userName }) => userName).sort(), anOrganization.users.map((u) => u.userName).sort())
    assert.deepEqual(
      users,
      users.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    )
  })

  check('a group is found by id and by its exact name', async (storage) => {
    await apply(storage)
    const groups = await pagesOf((page) => storage.listGroups(page))
    assert.deepEqual(
      groups.map((group) => group.displayName).sort(),
      anOrganization.groups.map((g) => g.displayName).sort(),
    )
    for (const group of groups) {
      assert.deepEqual(await storage.findGroup({ id: group.id }), group)
      assert.deepEqual(await storage.findGroupByName({ displayName: group.displayName }), group)
    }
    assert.equal(await storage.findGroup({ id: 'none' }), undefined)
    assert.equal(await storage.findGroupByName({ displayName: 'none' }), undefined)
  })

  check('memberships are read from both ends, and agree', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    const groupsOfAlice = await pagesOf(async (page) => {
      const memberships = await storage.listGroupsOf({ ...page, userId: alice.id })
      return memberships.map((membership) => ({ ...membership, id: membership.groupId }))
    })
    const named = anOrganization.users[0]?.groups.length ?? 0
    assert.equal(groupsOfAlice.length, named)
    for (const { groupId } of groupsOfAlice) {
      const members = await storage.listMembers({ groupId, after: '', limit: 100 })
      assert.ok(members.some(({ userId }) => userId === alice.id))
      assert.equal(await storage.isMember({ groupId, userId: alice.id }), true)
    }
    assert.equal(await storage.isMember({ groupId: 'none', userId: alice.id }), false)
  })
}

/** Everything, read one at a time. */
async function pagesOf<Item extends { id: string }>(
  read: (page: Parameters<Storage['listUsers']>[0]) => Promise<readonly Item[]>,
): Promise<Item[]> {
  const items: Item[] = []
  for (;;) {
    const [item, ...more] = await read({ after: items.at(-1)?.id ?? '', limit: 1 })
    assert.deepEqual(more, [])
    if (item === undefined) return items
    items.push(item)
  }
}
