import { z } from 'zod'
import { verifiedProcedure } from '../platform/rpc/trpc.ts'
import { requireRight } from './roles/require-right.ts'
import type { Right } from './roles/rights.ts'

const AccountChoice = z.object({ accountId: z.uuid('must be an account id').toLowerCase().optional() })

/**
 * Requires a verified user who may do this in the account that the call names. Without `accountId`, it is about the
 * caller's personal account. The choice is part of each call and never kept, so it can't go stale.
 */
export const accountProcedure = (right: Right) =>
  verifiedProcedure
    .meta({ right })
    .input(AccountChoice.default({}))
    .use(async ({ ctx, input, next }) => {
      const { id: userId } = ctx.caller.user
      const account = await requireRight(ctx.em, { userId, accountId: input.accountId ?? userId, right })
      return next({ ctx: { account } })
    })
