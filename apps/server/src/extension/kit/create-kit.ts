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
import { GuardArguments, type ExtensionConfig } from '../extension.schemas.ts'
import { BadExtension } from '../loading/load-config.ts'
import { HIDDEN, ownContext, type OwnDeps } from './call-context.ts'
import { asFault, createOwnErrors } from './own-error.ts'

/**
 * Creates what the procedures of a configuration are made of: our guards, each with a context that has nothing of the
 * server in it. Its types are in `@tollgate/config`.
 *
 * @returns the kit, and what its procedures know about themselves: a procedure without one of these objects was not
 *   made with the kit, or has changed its guard or limit.
 */
export function createKit({ reasons = {} }: ExtensionConfig, deps: OwnDeps) {
  const plans = createPlanProcedures(deps)
  const metas = new Set<unknown>()
  const forAll = (ctx: Context) => ({ ...HIDDEN, ...ownContext(ctx, deps), requestId: ctx.request.id })
  const forUser = (ctx: Context & { caller: Caller }) => ({ ...forAll(ctx), user: userOf(ctx.caller) })
  const known = <Builder extends { readonly _def: { readonly meta?: unknown } }>(builder: Builder): Builder => {
    metas.add(builder._def.meta)
    return builder
  }
  const withAccount = (builder: ReturnType<typeof accountProcedure>) =>
    known(builder.use(async ({ ctx, next }) => asFault(await next({ ctx: forUser(ctx) }))))

  const kit = {
    public: known(publicProcedure.use(async ({ ctx, next }) => asFault(await next({ ctx: forAll(ctx) })))),
    user: known(userProcedure.use(async ({ ctx, next }) => asFault(await next({ ctx: forUser(ctx) })))),
    verified: known(verifiedProcedure.use(async ({ ctx, next }) => asFault(await next({ ctx: forUser(ctx) })))),
    admin: known(adminProcedure.use(async ({ ctx, next }) => asFault(await next({ ctx: forUser(ctx) })))),
    member: (right: Right = 'see') => {
      check('member', { right })
      return withAccount(accountProcedure(right))
    },
    tier: (tier: string, right: Right = 'see') => {
      check('tier', { tier, right })
      return withAccount(plans.tier(tier, right))
    },
    feature: (feature: string, right: Right = 'see') => {
      check('feature', { feature, right })
      return withAccount(plans.feature(feature, right))
    },
    error: createOwnErrors(reasons),
    invalid: (fieldErrors: Record<string, string>) => new InvalidInput(fieldErrors),
  }
  return { kit, metas }
}

/** @throws {BadExtension} for what would let no one in, such as a right that does not exist. */
function check(guard: string, values: Partial<GuardArguments>): void {
  const { error } = GuardArguments.partial().safeParse(values)
  const problems = error?.issues.map(
    ({ path: [kind = ''], message }) => `${String(kind)} ${JSON.stringify(Reflect.get(values, kind))} ${message}`,
  )
  if (problems) throw new BadExtension(`kit.${guard}: ${problems.join(', and ')}`)
}

const userOf = ({ user: { id, email, username, isVerified, isAdmin, publicData, createdAt } }: Caller) => ({
  ...{ id, email, username, isVerified, isAdmin, publicData, createdAt },
})
