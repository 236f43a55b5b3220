import { router, userProcedure } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { getProfile } from './accounts/get-profile.ts'
import { updateProfile } from './accounts/update-profile.ts'
import type { AuthDeps } from './auth-scope.ts'
import { ProfileView, UpdateProfileInput } from './profile.schemas.ts'

/** The procedures `profile.*`: the caller's own profile. */
export function createProfileRouter(auth: AuthDeps) {
  const scopeOf = scopeWith({ auth })

  return router({
    get: userProcedure.output(ProfileView).query(({ ctx }) => getProfile(scopeOf(ctx), { userId: ctx.caller.user.id })),

    update: userProcedure
      .input(UpdateProfileInput)
      .output(ProfileView)
      .mutation(({ ctx, input }) => updateProfile(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),
  })
}
