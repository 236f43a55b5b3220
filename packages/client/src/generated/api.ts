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
  | 'ALREADY_CANCELING'
  | 'ALREADY_SUBSCRIBED'
  | 'BATCH_TOO_LARGE'
  | 'BUSY'
  | 'CANNOT_CHANGE_SELF'
  | 'CODE_INVALID'
  | 'CURRENCY_MISMATCH'
  | 'EMAIL_NOT_VERIFIED'
  | 'EMAIL_TAKEN'
  | 'EMAIL_UNVERIFIED'
  | 'EVENT_NOT_FOUND'
  | 'IDENTITY_NOT_FOUND'
  | 'IDENTITY_TAKEN'
  | 'INTERNAL_ERROR'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_INPUT'
  | 'INVALID_TOKEN'
  | 'INVALID_WEBHOOK'
  | 'JOB_NOT_FOUND'
  | 'LAST_ADMIN'
  | 'LAST_LOGIN_METHOD'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_AN_UPGRADE'
  | 'NOT_CANCELING'
  | 'NOT_FOUND'
  | 'NOT_REFUNDABLE'
  | 'NO_CUSTOMER'
  | 'NO_PASSWORD'
  | 'NO_SUBSCRIPTION'
  | 'OAUTH_DENIED'
  | 'OAUTH_FAILED'
  | 'OAUTH_STATE'
  | 'ORIGIN_NOT_ALLOWED'
  | 'PAYLOAD_TOO_LARGE'
  | 'PAYMENT_DUE'
  | 'PAYMENT_FAILED'
  | 'PAYMENT_METHOD_REQUIRED'
  | 'PAYMENT_NOT_FOUND'
  | 'PAYMENT_PROVIDER_ERROR'
  | 'PLAN_CODE_TAKEN'
  | 'PLAN_INACTIVE'
  | 'PLAN_NOT_FOUND'
  | 'PLAN_REQUIRED'
  | 'PREVIEW_STALE'
  | 'PROVIDER_UNSUPPORTED'
  | 'RATE_LIMITED'
  | 'REFRESH_TOKEN_INVALID'
  | 'REFRESH_TOKEN_MISSING'
  | 'REFRESH_TOKEN_REUSED'
  | 'SAME_PLAN'
  | 'SESSION_NOT_FOUND'
  | 'SUBSCRIPTION_NOT_FOUND'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_INVALID'
  | 'UNKNOWN_PROCEDURE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'USERNAME_TAKEN'
  | 'USER_NOT_FOUND'
  | 'WRONG_PASSWORD'

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
        forgotPassword: TRPCMutationProcedure<{
          input: {
            email: string
          }
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
        resetPassword: TRPCMutationProcedure<{
          input: {
            token: string
            password: string
          }
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
        changePassword: TRPCMutationProcedure<{
          input: {
            oldPassword: string
            newPassword: string
          }
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
        requestEmailChange: TRPCMutationProcedure<{
          input: {
            email: string
            password: string
          }
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
        confirmEmailChange: TRPCMutationProcedure<{
          input: {
            token: string
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
        requestLoginCode: TRPCMutationProcedure<{
          input: {
            email: string
          }
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
        loginWithCode: TRPCMutationProcedure<{
          input: {
            email: string
            code: string
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
        deactivate: TRPCMutationProcedure<{
          input: void
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
      }>
    >
    sessions: TRPCBuiltRouter<
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
            createdAt: Date
            lastUsedAt: Date
            ip: string
            userAgent: string
            current: boolean
          }[]
          meta: object
          errorShape: ErrorShape
        }>
        revoke: TRPCMutationProcedure<{
          input: {
            id: string
          }
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
        revokeOthers: TRPCMutationProcedure<{
          input: void
          output: {
            revoked: number
          }
          meta: object
          errorShape: ErrorShape
        }>
      }>
    >
    identities: TRPCBuiltRouter<
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
            provider: 'github' | 'google'
            email: string | null
            linkedAt: Date
          }[]
          meta: object
          errorShape: ErrorShape
        }>
        link: TRPCMutationProcedure<{
          input: {
            provider: 'github' | 'google'
            redirectTo?: string | undefined
          }
          output: {
            url: string
          }
          meta: object
          errorShape: ErrorShape
        }>
        unlink: TRPCMutationProcedure<{
          input: {
            provider: 'github' | 'google'
          }
          output: Record<string, never>
          meta: object
          errorShape: ErrorShape
        }>
      }>
    >
    profile: TRPCBuiltRouter<
      {
        ctx: object
        meta: object
        errorShape: ErrorShape
        transformer: true
      },
      TRPCDecorateCreateRouterOptions<{
        get: TRPCQueryProcedure<{
          input: void
          output: {
            firstName: string | null
            lastName: string | null
            avatarUrl: string | null
            updatedAt: Date
          }
          meta: object
          errorShape: ErrorShape
        }>
        update: TRPCMutationProcedure<{
          input: {
            firstName?: string | null | undefined
            lastName?: string | null | undefined
            avatarUrl?: string | null | undefined
          }
          output: {
            firstName: string | null
            lastName: string | null
            avatarUrl: string | null
            updatedAt: Date
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
            create: TRPCMutationProcedure<{
              input: {
                name: string
                priceCents: number
                billingPeriod: 'monthly' | 'yearly'
                tier: 'free' | 'pro' | 'vip'
                code: string
                currency?: string | undefined
                trialDays?: number | undefined
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
            update: TRPCMutationProcedure<{
              input: {
                name?: string | undefined
                priceCents?: number | undefined
                currency?: string | undefined
                billingPeriod?: 'monthly' | 'yearly' | undefined
                tier?: 'free' | 'pro' | 'vip' | undefined
                trialDays?: number | undefined
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
            delete: TRPCMutationProcedure<{
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
            upgrade: TRPCMutationProcedure<{
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
            previewChange: TRPCQueryProcedure<{
              input: {
                planCode: string
              }
              output: {
                dueNowCents: number
                creditCents: number
                currency: string
                nextPaymentCents: number
                nextPaymentAt: Date
                prorationDate: Date
                takesEffectAt: Date
              }
              meta: object
              errorShape: ErrorShape
            }>
            change: TRPCMutationProcedure<{
              input: {
                planCode: string
                prorationDate?: Date | undefined
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
              }
              meta: object
              errorShape: ErrorShape
            }>
            cancel: TRPCMutationProcedure<{
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
              }
              meta: object
              errorShape: ErrorShape
            }>
            resume: TRPCMutationProcedure<{
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
        entitlement: TRPCQueryProcedure<{
          input: void
          output: {
            tier: 'free' | 'pro' | 'vip'
            planCode: string | null
            until: Date | null
          }
          meta: object
          errorShape: ErrorShape
        }>
        portal: TRPCMutationProcedure<{
          input: void
          output: {
            url: string
          }
          meta: object
          errorShape: ErrorShape
        }>
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
            export: TRPCQueryProcedure<{
              input: void
              output: {
                filename: string
                csv: string
              }
              meta: object
              errorShape: ErrorShape
            }>
          }>
        >
      }>
    >
    admin: TRPCBuiltRouter<
      {
        ctx: object
        meta: object
        errorShape: ErrorShape
        transformer: true
      },
      TRPCDecorateCreateRouterOptions<{
        stats: TRPCQueryProcedure<{
          input: void
          output: {
            users: {
              total: number
              active: number
              verified: number
              new30d: number
            }
            subscriptions: {
              byStatus: Record<
                'active' | 'canceled' | 'past_due' | 'paused' | 'pending' | 'trialing' | 'unpaid',
                number
              >
              byPlan: {
                planCode: string
                count: number
              }[]
            }
            revenue: {
              mrr: {
                currency: string
                cents: number
              }[]
              last30d: {
                currency: string
                cents: number
              }[]
              byDay: {
                currency: string
                cents: number
                day: string
              }[]
            }
            jobs: {
              queued: number
              failed: number
            }
          }
          meta: object
          errorShape: ErrorShape
        }>
        users: TRPCBuiltRouter<
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
                search?: string | undefined
                isActive?: boolean | undefined
                isVerified?: boolean | undefined
                isAdmin?: boolean | undefined
              }
              output: {
                items: {
                  id: string
                  email: string
                  username: string
                  isVerified: boolean
                  isActive: boolean
                  isAdmin: boolean
                  provider: 'github' | 'google' | 'local'
                  createdAt: Date
                }[]
                nextCursor: string | null
              }
              meta: object
              errorShape: ErrorShape
            }>
            get: TRPCQueryProcedure<{
              input: {
                id: string
              }
              output: {
                id: string
                email: string
                username: string
                isVerified: boolean
                isActive: boolean
                isAdmin: boolean
                provider: 'github' | 'google' | 'local'
                createdAt: Date
                profile: {
                  firstName: string | null
                  lastName: string | null
                  avatarUrl: string | null
                  updatedAt: Date
                }
                identities: {
                  provider: 'github' | 'google'
                  email: string | null
                  linkedAt: Date
                }[]
                subscriptions: {
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
                }[]
                stripeCustomerId: string | null
              }
              meta: object
              errorShape: ErrorShape
            }>
            update: TRPCMutationProcedure<{
              input: {
                id: string
                isActive?: boolean | undefined
                isAdmin?: boolean | undefined
                isVerified?: boolean | undefined
              }
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
          }>
        >
        audit: TRPCBuiltRouter<
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
                actorId?: string | undefined
                action?: string | undefined
                targetId?: string | undefined
              }
              output: {
                items: {
                  id: string
                  actor: {
                    id: string
                    email: string
                  } | null
                  action: string
                  targetType: string
                  targetId: string
                  before: Record<string, unknown> | null
                  after: Record<string, unknown> | null
                  requestId: string | null
                  ip: string | null
                  createdAt: Date
                }[]
                nextCursor: string | null
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
            list: TRPCQueryProcedure<{
              input: {
                cursor?: string | null | undefined
                limit?: number | undefined
                status?: 'active' | 'canceled' | 'past_due' | 'paused' | 'pending' | 'trialing' | 'unpaid' | undefined
                planCode?: string | undefined
                userId?: string | undefined
              }
              output: {
                items: {
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
                  user: {
                    id: string
                    email: string
                  }
                }[]
                nextCursor: string | null
              }
              meta: object
              errorShape: ErrorShape
            }>
            grant: TRPCMutationProcedure<{
              input: {
                userId: string
                planCode: string
                until: Date
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
              }
              meta: object
              errorShape: ErrorShape
            }>
            cancel: TRPCMutationProcedure<{
              input: {
                id: string
                at: 'now' | 'period_end'
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
              }
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
                status?:
                  | 'canceled'
                  | 'disputed'
                  | 'failed'
                  | 'partially_refunded'
                  | 'pending'
                  | 'refunded'
                  | 'requires_action'
                  | 'succeeded'
                  | 'uncollectible'
                  | undefined
                userId?: string | undefined
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
                  user: {
                    id: string
                    email: string
                  }
                }[]
                nextCursor: string | null
              }
              meta: object
              errorShape: ErrorShape
            }>
            refund: TRPCMutationProcedure<{
              input: {
                id: string
                amountCents?: number | undefined
              }
              output: {
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
              }
              meta: object
              errorShape: ErrorShape
            }>
          }>
        >
        webhookEvents: TRPCBuiltRouter<
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
                status?: 'failed' | 'ignored' | 'processed' | 'received' | undefined
                type?: string | undefined
              }
              output: {
                items: {
                  id: string
                  providerEventId: string
                  type: string
                  status: 'failed' | 'ignored' | 'processed' | 'received'
                  receivedAt: Date
                  processedAt: Date | null
                  attempts: number
                  lastError: string | null
                }[]
                nextCursor: string | null
              }
              meta: object
              errorShape: ErrorShape
            }>
            replay: TRPCMutationProcedure<{
              input: {
                id: string
              }
              output: Record<string, never>
              meta: object
              errorShape: ErrorShape
            }>
          }>
        >
        jobs: TRPCBuiltRouter<
          {
            ctx: object
            meta: object
            errorShape: ErrorShape
            transformer: true
          },
          TRPCDecorateCreateRouterOptions<{
            failed: TRPCQueryProcedure<{
              input: {
                cursor?: string | null | undefined
                limit?: number | undefined
              }
              output: {
                items: {
                  id: string
                  queue: string
                  data: Record<string, unknown>
                  error: string
                  attempts: number
                  createdAt: Date
                }[]
                nextCursor: string | null
              }
              meta: object
              errorShape: ErrorShape
            }>
            retry: TRPCMutationProcedure<{
              input: {
                id: string
              }
              output: Record<string, never>
              meta: object
              errorShape: ErrorShape
            }>
          }>
        >
      }>
    >
  }>
>
