/** identitystore's operations, each behind the same two questions: who signed, and may they read the directory. */

import * as directory from '../core/access/identity-store.ts'
import type { SignedBy } from '../core/access/sts.ts'
import type { Deps } from '../core/deps.ts'
import { identityStore } from '../protocol/identity-store.ts'
import { type Handlers, type Served, serveService } from './api.ts'
import type { ServerDeps } from './environment.ts'

/** The service with its use cases. */
export function serveIdentityStore(server: ServerDeps): Served {
  const { deps } = server
  const reading =
    <In extends { IdentityStoreId: string }, Out>(read: (deps: Deps, input: In) => Promise<Out>) =>
    async ({ input, caller, now }: { input: In; caller: SignedBy; now: number }): Promise<Out> => {
      await directory.authorizeReader(deps, input, caller, now)
      return read(deps, input)
    }
  const handlers: Handlers<typeof identityStore.operations> = {
    describeUser: reading(directory.describeUser),
    describeGroup: reading(directory.describeGroup),
    describeGroupMembership: reading(directory.describeGroupMembership),
    getUserId: reading(directory.getUserId),
    getGroupId: reading(directory.getGroupId),
    getGroupMembershipId: reading(directory.getGroupMembershipId),
    isMemberInGroups: reading(directory.isMemberInGroups),
    listUsers: reading(directory.listUsers),
    listGroups: reading(directory.listGroups),
    listGroupMemberships: reading(directory.listGroupMemberships),
    listGroupMembershipsForMember: reading(directory.listGroupMembershipsForMember),
  }
  return serveService(server, identityStore, handlers)
}
