import { Account } from './account.entity.ts'
import { Invitation } from './invitation.entity.ts'
import { Member } from './member.entity.ts'

export type { AccountsDeps, Seats, SeatSource } from './accounts-scope.ts'
export { MembersChanged, OrganizationClosed, OwnersChanged } from './accounts.queues.ts'
export { accountsRetention } from './accounts.retention.ts'
export { createAccountsRouter } from './accounts.router.ts'
export { createInvitationLinks } from './invitations/invitation-links.ts'
export { leaveAllOrganizations } from './members/leave-all-organizations.ts'
export { accountProcedure } from './account-procedure.router.ts'
export { AccountNotFound } from './accounts.errors.ts'
export { listAccountsOfOwners } from './contacts/list-accounts-of-owners.ts'
export { listOwnedAccounts } from './contacts/list-owned-accounts.ts'
export { listOwnersOf } from './contacts/list-owners-of.ts'
export { isAccountOpen } from './contacts/is-account-open.ts'
export { readOwners, type AccountOwner } from './contacts/read-owners.ts'
export { readPayers, type Payer } from './contacts/read-payers.ts'
export { countMembers } from './roles/count-members.ts'
export type { CallersAccount } from './roles/require-right.ts'
export { Account }

export const accountsEntities = [Account, Member, Invitation]
