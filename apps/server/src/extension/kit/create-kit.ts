import { accountProcedure, type Right } from '../../accounts/index.ts'
import { createPlanProcedures } from '../../billing/index.ts'
import type { Caller } from '../../platform/caller.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import {
  adminProcedure,
  publicProcedure,
  userProcedure,
  verifiedProcedure,
  type Context,
} from '../../platform/rpc/trpc.ts'
import type { ExtensionConfig } from '../extension.schemas.ts'
import { HIDDEN, ownContext, type OwnDeps } from './call-context.ts'
import { createOwnErrors } from './own-error.ts'

/**
 * Creates what the procedures of a configuration are made of: our guards, each with a context that has nothing of the
 * server in it. Its types are in `@tollgate/config`.
 */
export function createKit({ reasons = {} }: ExtensionConfig, deps: OwnDeps) {
  const plans = createPlanProcedures(deps.billing)
  const forAll = (ctx: Context) => ({ ...HIDDEN, ...ownContext(ctx, deps), requestId: ctx.request.id })
  const forUser = (ctx: Context & { caller: Caller }) => ({ ...forAll(ctx), user: userOf(ctx.caller) })

  return {
    public: publicProcedure.use(({ ctx, next }) => next({ ctx: forAll(ctx) })),
    user: userProcedure.use(({ ctx, next }) => next({ ctx: forUser(ctx) })),
    verified: verifiedProcedure.use(({ ctx, next }) => next({ ctx: forUser(ctx) })),
    admin: adminProcedure.use(({ ctx, next }) => next({ ctx: forUser(ctx) })),
    member: (right: Right = 'see') => accountProcedure(right).use(({ ctx, next }) => next({ ctx: forUser(ctx) })),
    tier: (tier: string, right: Right = 'see') =>
      plans.tier(tier, right).use(({ ctx, next }) => next({ ctx: forUser(ctx) })),
    feature: (feature: string, right: Right = 'see') =>
      plans.feature(feature, right).use(({ ctx, next }) => next({ ctx: forUser(ctx) })),
    error: createOwnErrors(reasons),
    invalid: (fieldErrors: Record<string, string>) => new InvalidInput(fieldErrors),
  }
}

const userOf = ({ user: { id, email, username, isVerified, isAdmin, publicData, createdAt } }: Caller) => ({
  ...{ id, email, username, isVerified, isAdmin, publicData, createdAt },
})
