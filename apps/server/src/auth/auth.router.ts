import { cookieProcedure, publicProcedure, router, userProcedure, type Context } from '../platform/trpc.ts'
import type { AuthParts, AuthRequestScope } from './auth-scope.ts'
import {
  LogInInput,
  Nothing,
  RegisterInput,
  RegisterResult,
  RequestEmailVerificationResult,
  SessionView,
  UserView,
  VerifyEmailInput,
  VerifyEmailResult,
} from './auth.schemas.ts'
import { logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import type { OpenedSession } from './open-session.ts'
import { refreshCookie } from './refresh-cookie.ts'
import { refreshSession } from './refresh-session.ts'
import { register } from './register.ts'
import { requestEmailVerification } from './request-email-verification.ts'
import { verifyEmail } from './verify-email.ts'

/** Accounts and sessions: `auth.*`. */
export function createAuthRouter(auth: AuthParts) {
  const scopeOf = ({ em, jobs, clock, log, request }: Context): AuthRequestScope => ({ em, jobs, clock, log, request, auth })
  const cookieOf = (ctx: Context) => refreshCookie(ctx.cookies, auth.settings)
  const handOver = (ctx: Context, { session, refreshToken, refreshExpiresAt }: OpenedSession) => {
    cookieOf(ctx).write(refreshToken, refreshExpiresAt, ctx.clock.now())
    return session
  }

  return router({
    register: publicProcedure
      .input(RegisterInput)
      .output(RegisterResult)
      .mutation(async ({ ctx, input }) => ({ user: await register(scopeOf(ctx), input) })),

    login: cookieProcedure
      .input(LogInInput)
      .output(SessionView)
      .mutation(async ({ ctx, input }) => handOver(ctx, await logIn(scopeOf(ctx), input))),

    refresh: cookieProcedure
      .output(SessionView)
      .mutation(async ({ ctx }) => handOver(ctx, await refreshSession(scopeOf(ctx), cookieOf(ctx).read()))),

    logout: cookieProcedure.output(Nothing).mutation(async ({ ctx }) => {
      await logOut(scopeOf(ctx), cookieOf(ctx).read())
      cookieOf(ctx).clear()
      return {}
    }),

    me: userProcedure.output(UserView).query(({ ctx }) => ctx.caller.user),

    requestEmailVerification: userProcedure
      .output(RequestEmailVerificationResult)
      .mutation(({ ctx }) => requestEmailVerification(scopeOf(ctx), { userId: ctx.caller.user.id })),

    verifyEmail: publicProcedure
      .input(VerifyEmailInput)
      .output(VerifyEmailResult)
      .mutation(({ ctx, input }) => verifyEmail(scopeOf(ctx), input)),
  })
}
