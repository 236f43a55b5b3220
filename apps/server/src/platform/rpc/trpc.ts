import { initTRPC, TRPCError } from '@trpc/server'
import type { Caller, ServiceCaller } from '../caller.ts'
import { describeError } from '../errors/describe-error.ts'
import {
  AccountDisabled,
  AdminOnly,
  DomainError,
  EmailNotVerified,
  OriginNotAllowed,
  ScopeRequired,
} from '../errors/errors.ts'
import { clientNetwork } from '../http/client-address.ts'
import type { Cookies } from '../http/cookies.ts'
import type { RequestInfo } from '../http/request-info.ts'
import type { RateLimits } from '../limits/rate-limits.ts'
import type { Metrics } from '../metrics.ts'
import type { Scope } from '../scope.ts'
import type { ServiceScope } from '../service-scopes.schemas.ts'
import { transformer } from './transformer.ts'

/** What every procedure gets. Objects that live as long as the process come through the router's factory instead. */
export interface Context extends Scope {
  readonly request: RequestInfo
  readonly cookies: Cookies
  readonly limits: RateLimits
  readonly metrics: Pick<Metrics, 'procedureCalled'>
  /**
   * Finds out who is calling. It does so once for a request, however many calls the request has.
   *
   * @throws {InvalidToken}
   */
  authenticate(): Promise<Caller>
  /**
   * Finds out which program is calling.
   *
   * @throws {InvalidServiceKey}
   */
  authenticateService(): Promise<ServiceCaller>
}

export interface CallerContext extends Context {
  readonly caller: Caller
}

/** A call of another program. */
export interface ServiceContext extends Context {
  readonly service: ServiceCaller
}

/** The `data` of every error. The client's error type is generated from this. */
export interface ErrorData {
  code: string
  httpStatus: number
  reason: string
  fieldErrors?: Record<string, string>
  retryAfter?: number
  /** The cheapest plan that would allow what was denied; missing if none would. */
  unlockedBy?: { planCode: string }
  /** Why the session ended, where the error is about an ended session. */
  endedBecause?: 'LOGGED_IN_ELSEWHERE'
}

/** What a procedure says about itself, for the REST description and the rate limits. */
export interface ProcedureMeta {
  /** How its calls are counted. By default, queries count as queries and mutations as writes. */
  limit?: 'reads' | 'by-itself' | 'none'
  /** Who may call it. */
  guard?: 'public' | 'user' | 'verified' | 'admin' | 'service'
  /** What a service key must be allowed to do. */
  scope?: ServiceScope
  /** What the caller's role in the account must allow, if the call names one. */
  right?: 'see' | 'bill' | 'manage' | 'own'
  /** Whether it refuses pages of unlisted origins. */
  checksOrigin?: boolean
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer,
    errorFormatter({ shape, error }): { code: typeof shape.code; message: string; data: ErrorData } {
      const { message, ...data } = describeError(error)
      return { code: shape.code, message, data }
    },
  })

export const router = t.router

/** How calls are read and answered, for our own adapters. */
export const rpcConfig = t._config

/** Counts every call with its outcome, and gives a thrown `DomainError` its code, so that the HTTP status is right. */
const unlimitedProcedure = t.procedure.use(async ({ ctx, next, path }) => {
  const startedAt = performance.now()
  const result = await next()
  const outcome = result.ok ? 'ok' : describeError(result.error).reason
  ctx.metrics.procedureCalled(path, outcome, performance.now() - startedAt)
  if (!result.ok && result.error.cause instanceof DomainError) {
    const { code, message } = result.error.cause
    throw new TRPCError({ code, message, cause: result.error.cause })
  }
  return result
})

/**
 * Counts calls by the client's network and ignores `Authorization`, because made-up tokens must not get limits of their
 * own.
 */
export const publicProcedure = unlimitedProcedure
  .meta({ guard: 'public' })
  .use(async ({ ctx, next, path, type, meta }) => {
    await countCall(ctx, { path, type, meta }, `ip:${clientNetwork(ctx.request.ip)}`)
    return next()
  })

/** For procedures that read or set the refresh cookie. Pages of unlisted origins may not call them. */
export const cookieProcedure = publicProcedure.meta({ checksOrigin: true }).use(async ({ ctx, next }) => {
  if (!ctx.request.originAllowed) throw new OriginNotAllowed()
  return next()
})

/** Requires an active account with a live session. */
export const userProcedure = unlimitedProcedure.meta({ guard: 'user' }).use(async ({ ctx, next, path, type, meta }) => {
  const caller = await ctx.authenticate()
  await countCall(ctx, { path, type, meta }, `user:${caller.user.id}`)
  if (!caller.user.isActive) throw new AccountDisabled()
  return next({ ctx: { caller } })
})

export const verifiedProcedure = userProcedure.meta({ guard: 'verified' }).use(async ({ ctx, next }) => {
  if (!ctx.caller.user.isVerified) throw new EmailNotVerified()
  return next()
})

export const adminProcedure = verifiedProcedure.meta({ guard: 'admin', limit: 'reads' }).use(async ({ ctx, next }) => {
  if (!ctx.caller.user.isAdmin) throw new AdminOnly()
  return next()
})

/**
 * Requires a service key with this scope. Its calls are counted by the key, whatever they ask for. Only REST below `/v1`
 * serves such procedures: users' access tokens don't work there, and service keys work nowhere else.
 */
export const serviceProcedure = (scope: ServiceScope) =>
  unlimitedProcedure.meta({ guard: 'service', scope, limit: 'by-itself' }).use(async ({ ctx, next }) => {
    const service = await ctx.authenticateService()
    await ctx.limits.countService(service.keyId)
    if (!service.scopes.includes(scope) && !service.scopes.includes('admin')) throw new ScopeRequired(scope)
    return next({ ctx: { service } })
  })

/** Counts every call of a batch on its own. */
async function countCall(
  { limits }: Context,
  { path, type, meta }: { path: string; type: string; meta: ProcedureMeta | undefined },
  subject: string,
): Promise<void> {
  if (meta?.limit === 'none' || meta?.limit === 'by-itself') return
  const kind = type === 'query' ? 'queries' : (meta?.limit ?? 'writes')
  await limits.countCall(kind, path, subject)
}
