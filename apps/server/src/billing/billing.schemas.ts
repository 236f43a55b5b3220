import { z } from 'zod'

export const PlanView = z.object({
  id: z.uuid(),
  code: z.string(),
  name: z.string(),
  priceCents: z.int(),
  currency: z.string(),
  billingPeriod: z.enum(['monthly', 'yearly']),
  tier: z.enum(['free', 'pro', 'vip']),
  trialDays: z.int(),
  isActive: z.boolean(),
})
export type PlanView = z.infer<typeof PlanView>

export const SubscriptionView = z.object({
  id: z.uuid(),
  status: z.enum(['pending', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']),
  provider: z.enum(['stripe', 'manual', 'paymob']),
  plan: PlanView,
  priceCents: z.int(),
  currency: z.string(),
  billingPeriod: z.enum(['monthly', 'yearly']),
  startedAt: z.date(),
  currentPeriodStart: z.date(),
  currentPeriodEnd: z.date(),
  cancelAtPeriodEnd: z.boolean(),
  canceledAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  scheduledChange: z.object({ plan: PlanView, at: z.date() }).nullable(),
  hasAccess: z.boolean(),
  accessUntil: z.date().nullable(),
  accessReason: z.enum([
    'active',
    'trialing',
    'ending',
    'past_due_grace',
    'pending',
    'past_due',
    'unpaid',
    'paused',
    'ended',
  ]),
})
export type SubscriptionView = z.infer<typeof SubscriptionView>

export const PaymentView = z.object({
  id: z.uuid(),
  subscriptionId: z.uuid().nullable(),
  provider: z.enum(['stripe', 'manual', 'paymob']),
  providerInvoiceId: z.string(),
  amountCents: z.int(),
  refundedCents: z.int(),
  currency: z.string(),
  status: z.enum([
    'pending',
    'requires_action',
    'succeeded',
    'failed',
    'canceled',
    'uncollectible',
    'partially_refunded',
    'refunded',
    'disputed',
  ]),
  invoiceUrl: z.string().nullable(),
  createdAt: z.date(),
})
export type PaymentView = z.infer<typeof PaymentView>

export const PageInput = z.object({
  cursor: z.string().max(200).nullish(),
  limit: z.int().min(1, 'must be between 1 and 100').max(100, 'must be between 1 and 100').default(20),
})
export type PageInput = z.infer<typeof PageInput>

export const PaymentPage = z.object({ items: z.array(PaymentView), nextCursor: z.string().nullable() })

const planCode = z.string().regex(/^[a-z0-9_-]{2,64}$/, 'must be 2 to 64 of a-z, 0-9, _ and -')

export const SubscribeInput = z.object({ planCode })
export type SubscribeInput = z.infer<typeof SubscribeInput>
export const CheckoutView = z.object({ checkoutUrl: z.string(), sessionId: z.string() })
export type CheckoutView = z.infer<typeof CheckoutView>

export const SyncInput = z.object({ sessionId: z.string().regex(/^\w{1,255}$/, 'is not a checkout session id') })
export type SyncInput = z.infer<typeof SyncInput>

export const GetPlanInput = z.object({ id: z.uuid('must be an id') })
