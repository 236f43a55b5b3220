import { auditActor } from '../platform/rpc/audit-actor.ts'
import { publicProcedure, router, userProcedure, verifiedProcedure } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { accountProcedure } from './account-procedure.router.ts'
import type { AccountsDeps } from './accounts-scope.ts'
import {
  AccountDetails,
  AccountList,
  AccountView,
  ByAccount,
  ByInvitation,
  ByInvitationToken,
  ByMember,
  CreateAccountInput,
  InvitationPage,
  InvitationView,
  InviteInput,
  InviteResult,
  MemberPage,
  Nothing,
  PageOfAccount,
  ReceivedInvitation,
  SetRoleInput,
  UpdateAccountInput,
} from './accounts.schemas.ts'
import { acceptInvitation } from './invitations/accept-invitation.ts'
import { getInvitation } from './invitations/get-invitation.ts'
import { inviteMember } from './invitations/invite-member.ts'
import { listInvitations } from './invitations/list-invitations.ts'
import { resendInvitation } from './invitations/resend-invitation.ts'
import { revokeInvitation } from './invitations/revoke-invitation.ts'
import { leaveOrganization } from './members/leave-organization.ts'
import { listMembers } from './members/list-members.ts'
import { removeMember } from './members/remove-member.ts'
import { setRole } from './members/set-role.ts'
import { createOrganization } from './organizations/create-organization.ts'
import { deleteOrganization } from './organizations/delete-organization.ts'
import { getAccount } from './organizations/get-account.ts'
import { listOwnAccounts } from './organizations/list-own-accounts.ts'
import { updateAccount } from './organizations/update-account.ts'

/** The procedures `accounts.*`: who pays, and who belongs to it. */
export function createAccountsRouter(accounts: AccountsDeps) {
  const scopeOf = scopeWith({ accounts })

  return router({
    list: userProcedure
      .output(AccountList)
      .query(({ ctx }) => listOwnAccounts(scopeOf(ctx), { userId: ctx.caller.user.id })),

    create: verifiedProcedure
      .input(CreateAccountInput)
      .output(AccountView)
      .mutation(({ ctx, input }) => createOrganization(scopeOf(ctx), auditActor(ctx), input)),

    get: accountProcedure('see')
      .input(ByAccount)
      .output(AccountDetails)
      .query(({ ctx, input }) => getAccount(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),

    update: accountProcedure('manage')
      .input(UpdateAccountInput)
      .output(AccountView)
      .mutation(({ ctx, input }) => updateAccount(scopeOf(ctx), auditActor(ctx), input)),

    delete: accountProcedure('own')
      .input(ByAccount)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await deleteOrganization(scopeOf(ctx), auditActor(ctx), input)
        return {}
      }),

    leave: accountProcedure('see')
      .input(ByAccount)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await leaveOrganization(scopeOf(ctx), auditActor(ctx), input)
        return {}
      }),

    members: router({
      list: accountProcedure('see')
        .input(PageOfAccount)
        .output(MemberPage)
        .query(({ ctx, input }) => listMembers(scopeOf(ctx), input)),

      setRole: accountProcedure('manage')
        .input(SetRoleInput)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await setRole(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),

      remove: accountProcedure('manage')
        .input(ByMember)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await removeMember(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),
    }),

    invitations: router({
      create: accountProcedure('manage')
        .input(InviteInput)
        .output(InviteResult)
        .mutation(({ ctx, input }) => inviteMember(scopeOf(ctx), auditActor(ctx), input)),

      list: accountProcedure('manage')
        .input(PageOfAccount)
        .output(InvitationPage)
        .query(({ ctx, input }) => listInvitations(scopeOf(ctx), input)),

      revoke: accountProcedure('manage')
        .input(ByInvitation)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await revokeInvitation(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),

      resend: accountProcedure('manage')
        .input(ByInvitation)
        .output(InvitationView)
        .mutation(({ ctx, input }) => resendInvitation(scopeOf(ctx), auditActor(ctx), input)),

      get: publicProcedure
        .input(ByInvitationToken)
        .output(ReceivedInvitation)
        .query(({ ctx, input }) => getInvitation(scopeOf(ctx), input)),

      accept: userProcedure
        .input(ByInvitationToken)
        .output(AccountView)
        .mutation(({ ctx, input }) => acceptInvitation(scopeOf(ctx), auditActor(ctx), input)),
    }),
  })
}
