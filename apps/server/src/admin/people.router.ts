import { listMembers, removeMember, updateAnyAccount, setRole } from '../accounts/index.ts'
import { endAllSessions, resendVerification, sendResetLink, updateAccount } from '../auth/index.ts'
import { AccountUsage, ExplainInput, Explanation, readAccountUsage } from '../billing/index.ts'
import type { OwnFields } from '../platform/own-data.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router, type CallerContext } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { changeOwnData } from '../service/index.ts'
import type { AdminDeps } from './admin-scope.ts'
import { ById, Nothing } from './admin.schemas.ts'
import {
  AccountCredit,
  AccountDetails,
  AccountOwnData,
  AccountPage,
  ByAccountId,
  ByMember,
  ChangeAccountDataInput,
  ChangeUserDataInput,
  EndSessionsResult,
  ListAllAccountsInput,
  ListUsersInput,
  MemberPage,
  PageOfAccount,
  SentResult,
  SetRoleInput,
  UpdateAccountInput,
  UpdateUserInput,
  UserDetails,
  UserOwnData,
  UserPage,
  UserUpdatePreview,
  UserView,
} from './people.schemas.ts'
import { explainAccount } from './people/explain-account.ts'
import { getAnyAccount } from './people/get-any-account.ts'
import { getUser } from './people/get-user.ts'
import { listAllAccounts } from './people/list-all-accounts.ts'
import { listUsers } from './people/list-users.ts'
import { previewUserUpdate } from './people/preview-user-update.ts'
import { readCredit } from './people/read-credit.ts'
import { TimelineInput, TimelinePage } from './timeline.schemas.ts'
import { readTimeline } from './timeline/read-timeline.ts'

const namesOf = ({ publicData, privateData }: OwnFields) => ({
  publicData: Object.keys(publicData),
  privateData: Object.keys(privateData),
})

/** People, their accounts, and what happened to them, for operators. */
export function createPeopleRouters({ auth, accounts, billing }: Pick<AdminDeps, 'auth' | 'accounts' | 'billing'>) {
  const scopeOf = scopeWith({ auth, accounts, billing })
  const operator = (ctx: CallerContext) => ({ ...auditActor(ctx), isOperator: true }) as const

  return {
    explain: adminProcedure
      .input(ExplainInput)
      .output(Explanation)
      .query(({ ctx, input }) => explainAccount(scopeOf(ctx), input)),

    users: router({
      list: adminProcedure
        .input(ListUsersInput)
        .output(UserPage)
        .query(({ ctx, input }) => listUsers(scopeOf(ctx), input)),

      get: adminProcedure
        .input(ById)
        .output(UserDetails)
        .query(async ({ ctx, input }) => ({
          ...(await getUser(scopeOf(ctx), input)),
          ownFields: namesOf(auth.ownFields),
        })),

      previewUpdate: adminProcedure
        .input(UpdateUserInput)
        .output(UserUpdatePreview)
        .query(({ ctx, input }) => previewUserUpdate(scopeOf(ctx), { actorId: ctx.caller.user.id }, input)),

      update: adminProcedure
        .input(UpdateUserInput)
        .output(UserView)
        .mutation(({ ctx, input }) => updateAccount(scopeOf(ctx), auditActor(ctx), input)),

      setData: adminProcedure
        .input(ChangeUserDataInput)
        .output(UserOwnData)
        .mutation(({ ctx, input: { id, ...changes } }) =>
          changeOwnData(scopeOf(ctx), auditActor(ctx), { of: 'user', id, fields: auth.ownFields }, changes),
        ),

      endSessions: adminProcedure
        .input(ByAccountId)
        .output(EndSessionsResult)
        .mutation(({ ctx, input }) => endAllSessions(scopeOf(ctx), auditActor(ctx), input)),

      resendVerification: adminProcedure
        .input(ByAccountId)
        .output(SentResult)
        .mutation(({ ctx, input }) => resendVerification(scopeOf(ctx), auditActor(ctx), input)),

      sendPasswordReset: adminProcedure
        .input(ByAccountId)
        .output(SentResult)
        .mutation(({ ctx, input }) => sendResetLink(scopeOf(ctx), auditActor(ctx), input)),
    }),

    accounts: router({
      list: adminProcedure
        .input(ListAllAccountsInput)
        .output(AccountPage)
        .query(({ ctx, input }) => listAllAccounts(scopeOf(ctx), input)),

      get: adminProcedure
        .input(ByAccountId)
        .output(AccountDetails)
        .query(async ({ ctx, input }) => ({
          ...(await getAnyAccount(scopeOf(ctx), input)),
          ownFields: namesOf(accounts.ownFields),
        })),

      credit: adminProcedure
        .input(ByAccountId)
        .output(AccountCredit)
        .query(({ ctx, input }) => readCredit(scopeOf(ctx), input)),

      usage: adminProcedure
        .input(ByAccountId)
        .output(AccountUsage)
        .query(({ ctx, input }) => readAccountUsage(scopeOf(ctx), { accountId: input.id })),

      update: adminProcedure
        .input(UpdateAccountInput)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await updateAnyAccount(scopeOf(ctx), operator(ctx), input)
          return {}
        }),

      setData: adminProcedure
        .input(ChangeAccountDataInput)
        .output(AccountOwnData)
        .mutation(({ ctx, input: { id, ...changes } }) =>
          changeOwnData(scopeOf(ctx), auditActor(ctx), { of: 'account', id, fields: accounts.ownFields }, changes),
        ),

      members: router({
        list: adminProcedure
          .input(PageOfAccount)
          .output(MemberPage)
          .query(({ ctx, input }) => listMembers(scopeOf(ctx), input)),

        setRole: adminProcedure
          .input(SetRoleInput)
          .output(Nothing)
          .mutation(async ({ ctx, input }) => {
            await setRole(scopeOf(ctx), operator(ctx), input)
            return {}
          }),

        remove: adminProcedure
          .input(ByMember)
          .output(Nothing)
          .mutation(async ({ ctx, input }) => {
            await removeMember(scopeOf(ctx), operator(ctx), input)
            return {}
          }),
      }),
    }),

    timeline: adminProcedure
      .input(TimelineInput)
      .output(TimelinePage)
      .query(({ ctx, input }) => readTimeline(scopeOf(ctx), input)),
  }
}
