import { router, verifiedProcedure, type Context } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { listIdentities } from './accounts/list-identities.ts'
import type { AuthDeps, AuthRequestScope } from './auth-scope.ts'
import { TransportNotAllowed } from './auth.errors.ts'
import { Nothing } from './auth.schemas.ts'
import { exchangeLinkCode } from './identities/exchange-link-code.ts'
import { requestAppLink } from './identities/request-app-link.ts'
import { requestIdentityLink } from './identities/request-identity-link.ts'
import { unlinkIdentity } from './identities/unlink-identity.ts'
import {
  ExchangeOAuthCodeInput,
  IdentityList,
  LinkedIdentity,
  LinkIdentityInput,
  LinkIdentityResult,
  LinkUrlInput,
  OAuthUrlResult,
  UnlinkIdentityInput,
} from './identity.schemas.ts'
import { refreshTransport } from './sessions/refresh-transport.ts'

/** The procedures `identities.*`: the caller's linked Google and GitHub accounts. */
export function createIdentityRouter(auth: AuthDeps) {
  const scopeOf = (ctx: Context): AuthRequestScope => scopeWith({ auth, request: ctx.request })(ctx)

  /** For apps that keep their refresh token. */
  const appProcedure = verifiedProcedure.use(({ ctx, next }) => {
    refreshTransport(ctx, auth.settings)
    if (ctx.request.transport !== 'body') throw new TransportNotAllowed('linking')
    return next()
  })

  return router({
    list: verifiedProcedure
      .output(IdentityList)
      .query(({ ctx }) => listIdentities(scopeOf(ctx), { userId: ctx.caller.user.id })),

    link: verifiedProcedure
      .input(LinkIdentityInput)
      .output(LinkIdentityResult)
      .mutation(({ ctx, input }) => {
        if (ctx.request.transport === 'body') throw new TransportNotAllowed('browsers')
        return requestIdentityLink(scopeOf(ctx), { ...input, sessionId: ctx.caller.sessionId })
      }),

    linkUrl: appProcedure
      .input(LinkUrlInput)
      .output(OAuthUrlResult)
      .mutation(({ ctx, input }) => requestAppLink(scopeOf(ctx), { ...input, sessionId: ctx.caller.sessionId })),

    exchangeLinkCode: appProcedure
      .input(ExchangeOAuthCodeInput)
      .output(LinkedIdentity)
      .mutation(({ ctx, input }) => exchangeLinkCode(scopeOf(ctx), { ...input, sessionId: ctx.caller.sessionId })),

    unlink: verifiedProcedure
      .input(UnlinkIdentityInput)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await unlinkIdentity(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })
        return {}
      }),
  })
}
