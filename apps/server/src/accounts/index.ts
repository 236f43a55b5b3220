import { Account } from './account.entity.ts'
import { Invitation } from './invitation.entity.ts'
import { Member } from './member.entity.ts'

export type { AccountsDeps, SeatSource } from './accounts-scope.ts'
export { MembersChanged, OrganizationClosed } from './accounts.queues.ts'
export { accountsRetention } from './accounts.retention.ts'
export { createAccountsRouter } from './accounts.router.ts'
export { createInvitationLinks } from './invitations/invitation-links.ts'
export { leaveAllOrganizations } from './members/leave-all-organizations.ts'

export const accountsEntities = [Account, Member, Invitation]
