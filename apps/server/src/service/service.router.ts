import { readUser } from '../auth/index.ts'
import { router, serviceProcedure } from '../platform/rpc/trpc.ts'
import { readAccountFacts } from './facts/read-account-facts.ts'
import { AccountFacts, ById, UserView } from './service.schemas.ts'

/** What other programs may ask for with a service key. It is served as REST only, below `/v1`. */
export function createServiceRouter() {
  return router({
    service: router({
      accounts: router({
        get: serviceProcedure('accounts:read')
          .input(ById)
          .output(AccountFacts)
          .query(({ ctx, input }) => readAccountFacts(ctx, input)),
      }),

      users: router({
        get: serviceProcedure('users:read')
          .input(ById)
          .output(UserView)
          .query(({ ctx, input }) => readUser(ctx, input)),
      }),
    }),
  })
}
