import { router, userProcedure, type CallerContext } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import type { AuthDeps } from './auth-scope.ts'
import { Nothing } from './auth.schemas.ts'
import { RevokeOthersResult, RevokeSessionInput, SessionList } from './session.schemas.ts'
import { listSessions } from './sessions/list-sessions.ts'
import { revokeOtherSessions } from './sessions/revoke-other-sessions.ts'
import { revokeSession } from './sessions/revoke-session.ts'

/** The procedures `sessions.*`: the caller's own sessions. */
export function createSessionRouter(auth: AuthDeps) {
  const scopeOf = scopeWith({ auth })
  const ownSession = ({ caller }: CallerContext) => ({ userId: caller.user.id, sessionId: caller.sessionId })

  return router({
    list: userProcedure.output(SessionList).query(({ ctx }) => listSessions(scopeOf(ctx), ownSession(ctx))),

    revoke: userProcedure
      .input(RevokeSessionInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await revokeSession(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })
        return {}
      }),

    revokeOthers: userProcedure
      .output(RevokeOthersResult)
      .mutation(({ ctx }) => revokeOtherSessions(scopeOf(ctx), ownSession(ctx))),
  })
}
