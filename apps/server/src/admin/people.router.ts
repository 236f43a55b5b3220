import { listAccounts, updateAccount } from '../auth/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import type { AdminDeps } from './admin-scope.ts'
import { ById } from './admin.schemas.ts'
import { ListUsersInput, UpdateUserInput, UserDetails, UserPage, UserView } from './people.schemas.ts'
import { getUser } from './people/get-user.ts'

/** People and their accounts, for operators. */
export function createPeopleRouters({ billing }: Pick<AdminDeps, 'billing'>) {
  const scopeOf = scopeWith({ billing })

  return {
    users: router({
      list: adminProcedure
        .input(ListUsersInput)
        .output(UserPage)
        .query(({ ctx, input }) => listAccounts(scopeOf(ctx), input)),

      get: adminProcedure
        .input(ById)
        .output(UserDetails)
        .query(({ ctx, input }) => getUser(scopeOf(ctx), input)),

      update: adminProcedure
        .input(UpdateUserInput)
        .output(UserView)
        .mutation(({ ctx, input }) => updateAccount(scopeOf(ctx), auditActor(ctx), input)),
    }),
  }
}
