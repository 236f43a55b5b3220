import { initTRPC, TRPCError } from '@trpc/server'
import type { Caller } from '../caller.ts'
import { describeError } from '../errors/describe-error.ts'
import { AccountDisabled, AdminOnly, DomainError, EmailNotVerified, OriginNotAllowed } from '../errors/errors.ts'
import { clientNetwork } from '../http/client-address.ts'
import type { Cookies } from '../http/cookies.ts'
import type { RequestInfo } from '../http/request-info.ts'
import type { RateLimits } from '../limits/rate-limits.ts'
import type { Metrics } from '../metrics.ts'
import type { Scope } from '../scope.ts'
import { transformer } from './transformer.ts'

/** What every procedure gets. Process-lifetime things come to a router through its factory, not through here. */
export interface Context extends Scope {
  readonly request: RequestInfo
  readonly cookies: Cookies
  readonly limits: RateLimits
  readonly metrics: Pick<Metrics, 'procedureCalled'>
  /**
   * Finds out who is calling, once per request however many calls it batches.
   *
   * @throws {InvalidToken}
   */
  authenticate(): Promise<Caller>
}

export interface CallerContext extends Context {
  readonly caller: Caller
}

/** What every error carries in `data`; the one source of the client's error type. */
export interface ErrorData {
  code: string
  httpStatus: number
  reason: string
  fieldErrors?: Record<string, string>
  retryAfter?: number
  /** Why the session ended, where the error is about an ended session. */
  endedBecause?: 'LOGGED_IN_ELSEWHERE'
}

/** What a procedure says of itself to those who describe it or count its calls. */
export interface ProcedureMeta {
  /** How its calls are counted, if not by its type: queries as queries, mutations as writes. */
  limit?: 'reads' | 'by-itself' | 'none'
  /** Whom it lets through. */
  guard?: 'public' | 'user' | 'verified' | 'admin'
  /** Whether it refuses pages of foreign origins. */
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

/** How calls are read and answered, for the adapters that do so. */
export const rpcConfig = t._config

/** Counts every call with what came of it, and gives a thrown `DomainError` its code, so that the HTTP status is right. */
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

/** By the client's network whatever `Authorization` says: a made-up header must open no new bucket. */
export const publicProcedure = unlimitedProcedure
  .meta({ guard: 'public' })
  .use(async ({ ctx, next, path, type, meta }) => {
    await countCall(ctx, { path, type, meta }, `ip:${clientNetwork(ctx.request.ip)}`)
    return next()
  })

/** Reads or sets the refresh cookie, so a page of a foreign origin may not call it. */
export const cookieProcedure = publicProcedure.meta({ checksOrigin: true }).use(async ({ ctx, next }) => {
  if (!ctx.request.originAllowed) throw new OriginNotAllowed()
  return next()
})

/** Lets an active account with a live session through. */
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

/** Every call counts by itself, also inside a batch. */
async function countCall(
  { limits }: Context,
  { path, type, meta }: { path: string; type: string; meta: ProcedureMeta | undefined },
  subject: string,
): Promise<void> {
  if (meta?.limit === 'none' || meta?.limit === 'by-itself') return
  const kind = type === 'query' ? 'queries' : (meta?.limit ?? 'writes')
  await limits.countCall(kind, path, subject)
}
