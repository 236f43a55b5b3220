import { router, userProcedure, type Context } from '../platform/rpc/trpc.ts'
import { getProfile } from './accounts/get-profile.ts'
import { updateProfile } from './accounts/update-profile.ts'
import type { AuthParts, AuthScope } from './auth-scope.ts'
import { ProfileView, UpdateProfileInput } from './profile.schemas.ts'

/** The caller's own profile: `profile.*`. */
export function createProfileRouter(auth: AuthParts) {
  const scopeOf = ({ em, jobs, clock, log }: Context): AuthScope => ({ em, jobs, clock, log, auth })

  return router({
    get: userProcedure.output(ProfileView).query(({ ctx }) => getProfile(scopeOf(ctx), { userId: ctx.caller.user.id })),

    update: userProcedure
      .input(UpdateProfileInput)
      .output(ProfileView)
      .mutation(({ ctx, input }) => updateProfile(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),
  })
}
