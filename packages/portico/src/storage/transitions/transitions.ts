/**
 * Every transition by its name: what an engine needs in order to be a `Storage`. The contract of each is the comment on the
 * member of `Transitions` that has its name.
 */

import { beginApplicationSession, findUsersByEmail, readApplications } from './applications.ts'
import { countAttempt, refundAttempt } from './attempts.ts'
import { readAudit, recordAudit } from './audit.ts'
import { countAudit, lastAudit, listAudit, readAuditChain, sealAudit } from './audit-log.ts'
import { findAuthorizationCode, issueAuthorizationCode, redeemAuthorizationCode } from './authorization-codes.ts'
import {
  countPendingDeviceGrants,
  decideDeviceGrant,
  findDeviceGrant,
  guessUserCode,
  redeemDeviceGrant,
  startDeviceGrant,
} from './device-grants.ts'
import { findUser, findUserByName, hasAdministrator, readEntitlements, readGroupsOf, setPassword } from './directory.ts'
import {
  findGroup,
  findGroupByName,
  isMember,
  listGroups,
  listGroupsOf,
  listMembers,
  listUsers,
} from './directory-pages.ts'
import { dismissDistantDevice, listDistantDevices } from './distant-devices.ts'
import { denyClient, endAllSessions, endSessionsOfClient, findSessions } from './endings.ts'
import { acknowledgeFactorReset, readFactors, resetFactors } from './factors.ts'
import { addKey, initialize, readInstance, readKeys } from './instance.ts'
import { advanceKeys, compromiseKey, listKeys, publishKeys, rewrapKeys } from './keys.ts'
import { removeTotp, replaceRecoveryCodes, setTotp, useRecoveryCode, useTotp } from './one-time-codes.ts'
import { applyOrganization } from './organization/apply.ts'
import { readOrganization } from './organization/read.ts'
import { addPasskey, findPasskey, removePasskey, renamePasskey, usePasskey } from './passkeys.ts'
import { createPersonLink, findPersonLink, redeemPersonLink } from './person-links.ts'
import { readRevocations } from './revocations.ts'
import { endSession, endSessionsOfUser, findSession, listSessions, noteSessionUses, rotateSession } from './sessions.ts'
import { createSetupLink, isSetupLinkLive, redeemSetupLink } from './setup-links.ts'
import { beginSignIn, endSignIn, findSignIn, listSignIns, noteSignInUses } from './sign-ins.ts'
import { sweep } from './sweep.ts'
import type { Name, Transition } from './transition.ts'
import { deleteUser, setUserEnabled } from './user-life.ts'

/** The table that engines run. */
export const transitions: { readonly [Of in Name]: Transition<Of> } = {
  initialize,
  readInstance,
  readKeys,
  addKey,
  listKeys,
  publishKeys,
  advanceKeys,
  compromiseKey,
  rewrapKeys,
  startDeviceGrant,
  guessUserCode,
  findDeviceGrant,
  countPendingDeviceGrants,
  decideDeviceGrant,
  redeemDeviceGrant,
  issueAuthorizationCode,
  findAuthorizationCode,
  redeemAuthorizationCode,
  findSession,
  rotateSession,
  endSession,
  endSessionsOfUser,
  noteSessionUses,
  listSessions,
  readRevocations,
  listDistantDevices,
  dismissDistantDevice,
  beginSignIn,
  listSignIns,
  findSignIn,
  noteSignInUses,
  endSignIn,
  countAttempt,
  refundAttempt,
  findUser,
  findUserByName,
  readEntitlements,
  readGroupsOf,
  readOrganization,
  applyOrganization,
  setPassword,
  hasAdministrator,
  createSetupLink,
  isSetupLinkLive,
  redeemSetupLink,
  readFactors,
  addPasskey,
  findPasskey,
  usePasskey,
  renamePasskey,
  removePasskey,
  setTotp,
  useTotp,
  removeTotp,
  replaceRecoveryCodes,
  useRecoveryCode,
  resetFactors,
  acknowledgeFactorReset,
  createPersonLink,
  findPersonLink,
  redeemPersonLink,
  findSessions,
  endSessionsOfClient,
  denyClient,
  endAllSessions,
  setUserEnabled,
  deleteUser,
  readApplications,
  beginApplicationSession,
  findUsersByEmail,
  listUsers,
  listGroups,
  findGroup,
  findGroupByName,
  listMembers,
  listGroupsOf,
  isMember,
  recordAudit,
  readAudit,
  listAudit,
  lastAudit,
  readAuditChain,
  sealAudit,
  countAudit,
  sweep,
}
