import { readUser } from '../auth/index.ts'
import { consume, readEntitlements, returnReservation, settleReservation, type BillingDeps } from '../billing/index.ts'
import { router, serviceProcedure } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { readAccountFacts } from './facts/read-account-facts.ts'
import {
  AccountFacts,
  ById,
  ConsumeInput,
  EntitlementsView,
  GiveBackInput,
  SettleInput,
  UsageView,
  UserView,
} from './service.schemas.ts'

/** What other programs may ask for with a service key. It is served as REST only, below `/v1`. */
export function createServiceRouter({ billing }: { billing: BillingDeps }) {
  const scopeOf = scopeWith({ billing })

  return router({
    service: router({
      accounts: router({
        get: serviceProcedure('accounts:read')
          .input(ById)
          .output(AccountFacts)
          .query(({ ctx, input }) => readAccountFacts(ctx, input)),

        entitlements: serviceProcedure('entitlements:read')
          .input(ById)
          .output(EntitlementsView)
          .query(({ ctx, input }) => readEntitlements(scopeOf(ctx), { accountId: input.id })),
      }),

      usage: router({
        consume: serviceProcedure('usage:write')
          .input(ConsumeInput)
          .output(UsageView)
          .mutation(({ ctx, input }) => consume(scopeOf(ctx), input)),

        settle: serviceProcedure('usage:write')
          .input(SettleInput)
          .output(UsageView)
          .mutation(({ ctx, input }) => settleReservation(scopeOf(ctx), input)),

        giveBack: serviceProcedure('usage:write')
          .input(GiveBackInput)
          .output(UsageView)
          .mutation(({ ctx, input }) => returnReservation(scopeOf(ctx), input)),
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
