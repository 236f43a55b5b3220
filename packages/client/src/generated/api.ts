// Made by scripts/generate-client-api.ts from the server's router. Not to be edited.
import type {
  TRPCBuiltRouter,
  TRPCDecorateCreateRouterOptions,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPC_ERROR_CODE_NUMBER,
} from '@trpc/server'

/** Why a call failed, for programs. */
export type Reason =
  | 'ACCOUNT_DISABLED'
  | 'ADMIN_ONLY'
  | 'ALREADY_SUBSCRIBED'
  | 'BATCH_TOO_LARGE'
  | 'BUSY'
  | 'EMAIL_NOT_VERIFIED'
  | 'EMAIL_TAKEN'
  | 'INTERNAL_ERROR'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_INPUT'
  | 'INVALID_TOKEN'
  | 'INVALID_WEBHOOK'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'ORIGIN_NOT_ALLOWED'
  | 'PAYLOAD_TOO_LARGE'
  | 'PAYMENT_PROVIDER_ERROR'
  | 'PLAN_NOT_FOUND'
  | 'REFRESH_TOKEN_INVALID'
  | 'REFRESH_TOKEN_MISSING'
  | 'REFRESH_TOKEN_REUSED'
  | 'SESSION_NOT_FOUND'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_INVALID'
  | 'UNKNOWN_PROCEDURE'
  | 'USERNAME_TAKEN'

/** What every error carries in `data`; the one source of the client's error type. */
export interface ErrorData {
  code: string
  httpStatus: number
  reason: Reason
  fieldErrors?: Record<string, string>
  retryAfter?: number
}

interface ErrorShape {
  code: TRPC_ERROR_CODE_NUMBER
  message: string
  data: ErrorData
}

/** Every procedure with its input and output. */
export type AppRouter = TRPCBuiltRouter<
  {
    ctx: object
    meta: object
    errorShape: ErrorShape
    transformer: true
  },
  TRPCDecorateCreateRouterOptions<{
    auth: TRPCBuiltRouter<
      {
        ctx: object
        meta: object
        errorShape: ErrorShape
        transformer: true
      },
      TRPCDecorateCreateRouterOptions<{
        register: TRPCMutationProcedure<{
          input: {
            email: string
            username: string
            password: string
          }
          output: {
            user: {
              id: string
              email: string
              username: string
              isVerified: boolean
              isActive: boolean
              isAdmin: boolean
              provider: 'github' | 'google' | 'local'
              createdAt: Date
            }
          }
          meta: object
          errorShape: ErrorShape
        }>
        login: TRPCMutationProcedure<{
          input: {
            email: string
            password: string
          }
          output: {
            accessToken: string
            tokenType: 'Bearer'
            expiresAt: Date
            user: {
              id: string
              email: string
              username: string
              isVerified: boolean
              isActive: boolean
              isAdmin: boolean
              provider: 'github' | 'google' | 'local'
              createdAt: Date
            }
          }
          meta: object
          errorShape: ErrorShape
        }>
        refresh: TRPCMutationProcedure<{
          input: void
          output: {
            accessToken: string
            tokenType: 'Bearer'
            expiresAt: Date
            user: {
              id: string
              email: string
              username: string
              isVerified: boolean
              isActive: boolean
              isAdmin: boolean
              provider: 'github' | 'google' | 'local'
              createdAt: Date
            }
          }
          meta: object
          errorShape: ErrorShape
        }>
        logout: TRPCMutationProcedure<{
          input: void
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
        me: TRPCQueryProcedure<{
          input: void
          output: {
            id: string
            email: string
            username: string
            isVerified: boolean
            isActive: boolean
            isAdmin: boolean
            provider: 'github' | 'google' | 'local'
            createdAt: Date
          }
          meta: object
          errorShape: ErrorShape
        }>
        requestEmailVerification: TRPCMutationProcedure<{
          input: void
          output: {
            sent: boolean
          }
          meta: object
          errorShape: ErrorShape
        }>
        verifyEmail: TRPCMutationProcedure<{
          input: {
            token: string
          }
          output: {
            alreadyVerified: boolean
          }
          meta: object
          errorShape: ErrorShape
        }>
      }>
    >
    billing: TRPCBuiltRouter<
      {
        ctx: object
        meta: object
        errorShape: ErrorShape
        transformer: true
      },
      TRPCDecorateCreateRouterOptions<{
        plans: TRPCBuiltRouter<
          {
            ctx: object
            meta: object
            errorShape: ErrorShape
            transformer: true
          },
          TRPCDecorateCreateRouterOptions<{
            list: TRPCQueryProcedure<{
              input: void
              output: {
                id: string
                code: string
                name: string
                priceCents: number
                currency: string
                billingPeriod: 'monthly' | 'yearly'
                tier: 'free' | 'pro' | 'vip'
                trialDays: number
                isActive: boolean
              }[]
              meta: object
              errorShape: ErrorShape
            }>
            get: TRPCQueryProcedure<{
              input: {
                id: string
              }
              output: {
                id: string
                code: string
                name: string
                priceCents: number
                currency: string
                billingPeriod: 'monthly' | 'yearly'
                tier: 'free' | 'pro' | 'vip'
                trialDays: number
                isActive: boolean
              }
              meta: object
              errorShape: ErrorShape
            }>
          }>
        >
        subscriptions: TRPCBuiltRouter<
          {
            ctx: object
            meta: object
            errorShape: ErrorShape
            transformer: true
          },
          TRPCDecorateCreateRouterOptions<{
            current: TRPCQueryProcedure<{
              input: void
              output: {
                id: string
                status: 'active' | 'canceled' | 'past_due' | 'paused' | 'pending' | 'trialing' | 'unpaid'
                provider: 'manual' | 'paymob' | 'stripe'
                plan: {
                  id: string
                  code: string
                  name: string
                  priceCents: number
                  currency: string
                  billingPeriod: 'monthly' | 'yearly'
                  tier: 'free' | 'pro' | 'vip'
                  trialDays: number
                  isActive: boolean
                }
                priceCents: number
                currency: string
                billingPeriod: 'monthly' | 'yearly'
                startedAt: Date
                currentPeriodStart: Date
                currentPeriodEnd: Date
                cancelAtPeriodEnd: boolean
                canceledAt: Date | null
                endedAt: Date | null
                scheduledChange: {
                  plan: {
                    id: string
                    code: string
                    name: string
                    priceCents: number
                    currency: string
                    billingPeriod: 'monthly' | 'yearly'
                    tier: 'free' | 'pro' | 'vip'
                    trialDays: number
                    isActive: boolean
                  }
                  at: Date
                } | null
                hasAccess: boolean
                accessUntil: Date | null
                accessReason:
                  | 'active'
                  | 'ended'
                  | 'ending'
                  | 'past_due'
                  | 'past_due_grace'
                  | 'paused'
                  | 'pending'
                  | 'trialing'
                  | 'unpaid'
              } | null
              meta: object
              errorShape: ErrorShape
            }>
            subscribe: TRPCMutationProcedure<{
              input: {
                planCode: string
              }
              output: {
                checkoutUrl: string
                sessionId: string
              }
              meta: object
              errorShape: ErrorShape
            }>
            sync: TRPCMutationProcedure<{
              input: {
                sessionId: string
              }
              output: {
                id: string
                status: 'active' | 'canceled' | 'past_due' | 'paused' | 'pending' | 'trialing' | 'unpaid'
                provider: 'manual' | 'paymob' | 'stripe'
                plan: {
                  id: string
                  code: string
                  name: string
                  priceCents: number
                  currency: string
                  billingPeriod: 'monthly' | 'yearly'
                  tier: 'free' | 'pro' | 'vip'
                  trialDays: number
                  isActive: boolean
                }
                priceCents: number
                currency: string
                billingPeriod: 'monthly' | 'yearly'
                startedAt: Date
                currentPeriodStart: Date
                currentPeriodEnd: Date
                cancelAtPeriodEnd: boolean
                canceledAt: Date | null
                endedAt: Date | null
                scheduledChange: {
                  plan: {
                    id: string
                    code: string
                    name: string
                    priceCents: number
                    currency: string
                    billingPeriod: 'monthly' | 'yearly'
                    tier: 'free' | 'pro' | 'vip'
                    trialDays: number
                    isActive: boolean
                  }
                  at: Date
                } | null
                hasAccess: boolean
                accessUntil: Date | null
                accessReason:
                  | 'active'
                  | 'ended'
                  | 'ending'
                  | 'past_due'
                  | 'past_due_grace'
                  | 'paused'
                  | 'pending'
                  | 'trialing'
                  | 'unpaid'
              } | null
              meta: object
              errorShape: ErrorShape
            }>
          }>
        >
        payments: TRPCBuiltRouter<
          {
            ctx: object
            meta: object
            errorShape: ErrorShape
            transformer: true
          },
          TRPCDecorateCreateRouterOptions<{
            list: TRPCQueryProcedure<{
              input: {
                cursor?: string | null | undefined
                limit?: number | undefined
              }
              output: {
                items: {
                  id: string
                  subscriptionId: string | null
                  provider: 'manual' | 'paymob' | 'stripe'
                  providerInvoiceId: string
                  amountCents: number
                  refundedCents: number
                  currency: string
                  status:
                    | 'canceled'
                    | 'disputed'
                    | 'failed'
                    | 'partially_refunded'
                    | 'pending'
                    | 'refunded'
                    | 'requires_action'
                    | 'succeeded'
                    | 'uncollectible'
                  invoiceUrl: string | null
                  createdAt: Date
                }[]
                nextCursor: string | null
              }
              meta: object
              errorShape: ErrorShape
            }>
          }>
        >
      }>
    >
  }>
>
