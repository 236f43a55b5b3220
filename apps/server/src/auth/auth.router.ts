import {
  cookieProcedure,
  publicProcedure,
  router,
  userProcedure,
  type CallerContext,
  type Context,
} from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { changeUsername } from './accounts/change-username.ts'
import { deactivate } from './accounts/deactivate.ts'
import { register } from './accounts/register.ts'
import type { AuthDeps, AuthRequestScope } from './auth-scope.ts'
import { TransportNotAllowed } from './auth.errors.ts'
import {
  ChangePasswordInput,
  ChangeUsernameInput,
  ChangeUsernameResult,
  ConfirmEmailChangeInput,
  ConfirmEmailChangeResult,
  ForgotPasswordInput,
  LogInInput,
  LogInWithCodeInput,
  Nothing,
  RefreshTokenInput,
  RegisterInput,
  RegisterResult,
  RequestEmailChangeInput,
  RequestEmailVerificationResult,
  RequestLoginCodeInput,
  ResetPasswordInput,
  RestoreResult,
  SessionView,
  UserView,
  VerifyEmailInput,
  VerifyEmailResult,
} from './auth.schemas.ts'
import { exchangeOauthCode } from './identities/exchange-oauth-code.ts'
import { requestAppLogin } from './identities/request-app-login.ts'
import { ExchangeOAuthCodeInput, OAuthUrlInput, OAuthUrlResult } from './identity.schemas.ts'
import { changePassword } from './recovery/change-password.ts'
import { confirmEmailChange } from './recovery/confirm-email-change.ts'
import { forgotPassword } from './recovery/forgot-password.ts'
import { logInWithCode } from './recovery/log-in-with-code.ts'
import { requestEmailChange } from './recovery/request-email-change.ts'
import { requestEmailVerification } from './recovery/request-email-verification.ts'
import { requestLoginCode } from './recovery/request-login-code.ts'
import { resetPassword } from './recovery/reset-password.ts'
import { verifyEmail } from './recovery/verify-email.ts'
import { bearerToken } from './sessions/bearer-token.ts'
import { logIn } from './sessions/log-in.ts'
import { logOut } from './sessions/log-out.ts'
import { presentedTokens } from './sessions/presented-tokens.ts'
import { refreshCookie } from './sessions/refresh-cookie.ts'
import { refreshSession } from './sessions/refresh-session.ts'
import { refreshTransport } from './sessions/refresh-transport.ts'
import { restoreSession } from './sessions/restore-session.ts'

/** The procedures `auth.*`: accounts and logins. */
export function createAuthRouter(auth: AuthDeps) {
  const scopeOf = (ctx: Context): AuthRequestScope => scopeWith({ auth, request: ctx.request })(ctx)
  /** For procedures that open, renew or end a session. A transport that is not allowed is refused before they run. */
  const sessionProcedure = cookieProcedure.use(({ ctx, next }) =>
    next({ ctx: { transport: refreshTransport(ctx, auth.settings) } }),
  )

  const ownSession = ({ caller }: CallerContext) => ({ userId: caller.user.id, sessionId: caller.sessionId })

  return router({
    register: publicProcedure
      .input(RegisterInput)
      .output(RegisterResult)
      .mutation(async ({ ctx, input }) => ({ user: await register(scopeOf(ctx), input) })),

    login: sessionProcedure
      .input(LogInInput)
      .output(SessionView)
      .mutation(async ({ ctx, input }) => ctx.transport.handOver(await logIn(scopeOf(ctx), input))),

    refresh: sessionProcedure
      .meta({ limit: 'by-itself' })
      .input(RefreshTokenInput)
      .output(SessionView)
      .mutation(async ({ ctx, input }) =>
        ctx.transport.handOver(await refreshSession(scopeOf(ctx), ctx.transport.presented(input?.refreshToken))),
      ),

    restore: sessionProcedure
      .meta({ limit: 'by-itself' })
      .input(RefreshTokenInput)
      .output(RestoreResult)
      .mutation(async ({ ctx, input }) => {
        const found = await restoreSession(scopeOf(ctx), ctx.transport.presented(input?.refreshToken))
        if ('because' in found) return { session: null, because: found.because }
        return { session: ctx.transport.handOver(found), because: null }
      }),

    logout: sessionProcedure
      .meta({ limit: 'none' })
      .input(RefreshTokenInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        const { expectedUser, authorization } = ctx.request
        const { clearsTokens } = await logOut(scopeOf(ctx), {
          refreshTokens: ctx.transport.presented(input?.refreshToken),
          accessToken: bearerToken(authorization),
          expectedUser,
        })
        if (clearsTokens) ctx.transport.clear()
        return {}
      }),

    me: userProcedure.output(UserView).query(({ ctx }) => ctx.caller.user),

    changeUsername: userProcedure
      .input(ChangeUsernameInput)
      .output(ChangeUsernameResult)
      .mutation(async ({ ctx, input }) => ({
        user: await changeUsername(scopeOf(ctx), { ...input, userId: ctx.caller.user.id }),
      })),

    requestEmailVerification: userProcedure
      .output(RequestEmailVerificationResult)
      .mutation(({ ctx }) => requestEmailVerification(scopeOf(ctx), { userId: ctx.caller.user.id })),

    verifyEmail: publicProcedure
      .input(VerifyEmailInput)
      .output(VerifyEmailResult)
      .mutation(({ ctx, input }) => verifyEmail(scopeOf(ctx), input)),

    forgotPassword: publicProcedure
      .input(ForgotPasswordInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await forgotPassword(scopeOf(ctx), input)
        return {}
      }),

    resetPassword: publicProcedure
      .input(ResetPasswordInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await resetPassword(scopeOf(ctx), input)
        return {}
      }),

    changePassword: userProcedure
      .input(ChangePasswordInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await changePassword(scopeOf(ctx), { ...input, ...ownSession(ctx) })
        return {}
      }),

    requestEmailChange: userProcedure
      .input(RequestEmailChangeInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await requestEmailChange(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })
        return {}
      }),

    confirmEmailChange: userProcedure
      .input(ConfirmEmailChangeInput)
      .output(ConfirmEmailChangeResult)
      .mutation(async ({ ctx, input }) => ({
        user: await confirmEmailChange(scopeOf(ctx), { ...input, ...ownSession(ctx) }),
      })),

    requestLoginCode: publicProcedure
      .input(RequestLoginCodeInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await requestLoginCode(scopeOf(ctx), input)
        return {}
      }),

    loginWithCode: sessionProcedure
      .input(LogInWithCodeInput)
      .output(SessionView)
      .mutation(async ({ ctx, input }) => ctx.transport.handOver(await logInWithCode(scopeOf(ctx), input))),

    oauthUrl: sessionProcedure
      .input(OAuthUrlInput)
      .output(OAuthUrlResult)
      .mutation(({ ctx, input }) => {
        if (ctx.request.transport !== 'body') throw new TransportNotAllowed('apps')
        return requestAppLogin(scopeOf(ctx), input)
      }),

    exchangeOAuthCode: sessionProcedure
      .input(ExchangeOAuthCodeInput)
      .output(SessionView)
      .mutation(async ({ ctx, input }) => {
        if (ctx.request.transport !== 'body') throw new TransportNotAllowed('apps')
        return ctx.transport.handOver(await exchangeOauthCode(scopeOf(ctx), input))
      }),

    deactivate: userProcedure.output(Nothing).mutation(async ({ ctx }) => {
      await deactivate(scopeOf(ctx), { userId: ctx.caller.user.id })
      const { id } = ctx.caller.user
      const cookie = refreshCookie(ctx.cookies, auth.settings)
      const cookies = presentedTokens(auth, cookie.read(), ctx.clock.now())
      const isCookieless = ctx.request.transport === 'body'
      const isOthers = cookies.some(({ claims }) => claims.userId !== id) // of another tab
      if (!isCookieless && !isOthers) cookie.clear()
      return {}
    }),
  })
}
