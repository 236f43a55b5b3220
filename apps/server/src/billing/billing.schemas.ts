import { z } from 'zod'
import { revision } from '../platform/values.schemas.ts'
import { AmountPartsView } from './payment.schemas.ts'
import { billingPeriod, currency, planCode, PlanView } from './plan.schemas.ts'
import { PROVIDERS, SUBSCRIPTION_PROVIDERS } from './provider.schemas.ts'
import { RecoveryView } from './recovery.schemas.ts'

export { CreatePlanInput, planCode, PlanView, RevisedPlan, UpdatePlanInput } from './plan.schemas.ts'

const BillingIntervalView = z.object({ unit: z.enum(['day', 'week', 'month', 'year']), count: z.int() })

export const SubscriptionView = z
  .object({
    id: z.uuid(),
    accountId: z.uuid(),
    status: z.enum(['pending', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']),
    provider: z.enum(SUBSCRIPTION_PROVIDERS),
    plan: PlanView,
    priceCents: z
      .int()
      .describe('What this subscriber pays per billing period: the plan for its quantity, and add-ons.'),
    unitPriceCents: z
      .int()
      .describe('What they pay for one of the plan, or for its included members; it may cost something else today.'),
    quantity: z.int().describe('How many of the plan they pay for: for a plan with a price per seat, the members.'),
    discountCents: z.int().describe('What discounts that last take off `priceCents` per billing period.'),
    discounts: z
      .array(
        z.object({
          name: z.string().nullable(),
          percentOff: z.number().nullable(),
          amountOffCents: z.int().nullable().describe('Taken off each invoice.'),
          duration: z.enum(['once', 'repeating', 'forever']),
          endsAt: z.date().nullable(),
        }),
      )
      .describe('The discounts that run.'),
    currency: z.string(),
    billingPeriod: z.enum(['monthly', 'yearly']).describe('For another interval, by its unit: years are `yearly`.'),
    interval: BillingIntervalView.describe('How often it is charged.'),
    cardManagement: z
      .enum(['portal', 'cards'])
      .nullable()
      .describe(
        'Where its cards are managed: in the `portal`, or with the calls of `billing.cards`. Null for a grant.',
      ),
    startedAt: z.date(),
    timeZone: z
      .string()
      .nullable()
      .describe('In which the provider counts days, such as `Africa/Cairo`. Null if it bills by the moment.'),
    currentPeriodStart: z.date(),
    currentPeriodEnd: z.date(),
    cancelAtPeriodEnd: z.boolean().describe('Whether it ends with the current period, or before.'),
    cancelAt: z.date().nullable().describe('When it is set to end, even if that is after the current period.'),
    pause: z
      .object({ from: z.date(), until: z.date().nullable() })
      .nullable()
      .describe('Set while an operator has paused collection: from when nothing is paid, and until when if known.'),
    canceledAt: z.date().nullable(),
    endedAt: z.date().nullable(),
    scheduledChange: z
      .object({
        plan: PlanView,
        at: z.date(),
        billingPeriod: z.enum(['monthly', 'yearly']),
        unitPriceCents: z.int().describe('What one of the plan, or its included members, will cost.'),
      })
      .nullable(),
    hasAccess: z.boolean(),
    accessUntil: z.date().nullable().describe('The end of the period or of the grace period; null without access.'),
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
    recovery: RecoveryView.nullable().describe('Set while a failed renewal may still be paid.'),
  })
  .meta({
    id: 'Subscription',
    description: 'A plan that an account has subscribed to, its price, and whether it gives access.',
  })
export type SubscriptionView = z.infer<typeof SubscriptionView>

export const PageInput = z.object({
  cursor: z.string().max(200).nullish().describe('The `nextCursor` of the previous page.'),
  limit: z.int().min(1, 'must be between 1 and 100').max(100, 'must be between 1 and 100').default(20),
})
export type PageInput = z.infer<typeof PageInput>

export const SubscribeInput = z.object({
  planCode,
  billingPeriod: billingPeriod
    .optional()
    .describe('Which of the prices of the plan. Without it, the period of the live subscription, or the first price.'),
  currency: currency
    .optional()
    .describe(
      'Which of the prices of the plan. Without it, the currency of the live subscription, or the first price.',
    ),
})
export type SubscribeInput = z.infer<typeof SubscribeInput>
export const CheckoutView = z.object({ checkoutUrl: z.string(), sessionId: z.string() })
export type CheckoutView = z.infer<typeof CheckoutView>

export const ChangeInput = SubscribeInput.extend({ prorationDate: z.date('must be a date').optional() })
export type ChangeInput = z.infer<typeof ChangeInput>

export const ChangePreview = z.object({
  dueNowCents: z.int(),
  creditCents: z.int(),
  ...AmountPartsView.shape,
  currency: z.string(),
  nextPaymentCents: z.int(),
  nextPayment: AmountPartsView.nullable().describe('What it is made of; null if the provider cannot tell.'),
  nextPaymentAt: z.date(),
  prorationDate: z.date(),
  takesEffectAt: z.date(),
})
export type ChangePreview = z.infer<typeof ChangePreview>

export const SwitchPreview = z.object({
  startsAt: z.date().describe('When the current plan ends and the new one begins.'),
  dueNowCents: z.int().describe('Always 0.'),
  cardCheckCents: z.int().describe('What the page takes for a moment to check the card, and pays back; 0 for nothing.'),
  nextPaymentCents: z.int().describe('What is charged at `startsAt`, without discounts and taxes.'),
  currency: z.string(),
})
export type SwitchPreview = z.infer<typeof SwitchPreview>

export const UpcomingView = z
  .object({
    id: z.uuid(),
    accountId: z.uuid(),
    provider: z.enum(PROVIDERS),
    plan: PlanView,
    priceCents: z.int().describe('What it costs per billing period.'),
    quantity: z.int(),
    currency: z.string(),
    billingPeriod: z.enum(['monthly', 'yearly']),
    interval: BillingIntervalView,
    startsAt: z.date().describe('When the current plan ends and this one begins.'),
  })
  .meta({
    id: 'UpcomingSubscription',
    description: 'A plan of another provider that begins when the present one’s paid time ends.',
  })
export type UpcomingView = z.infer<typeof UpcomingView>

export const SyncInput = z.object({ sessionId: z.string().regex(/^[\w.]{1,255}$/, 'must be a checkout session id') })
export type SyncInput = z.infer<typeof SyncInput>

export const GetPlanInput = z.object({ id: z.uuid('must be an id').toLowerCase() })
export const RetirePlanInput = GetPlanInput.extend({ revision: revision.optional() })
export type RetirePlanInput = z.infer<typeof RetirePlanInput>

export const EntitlementView = z.object({
  tier: z.string(),
  planCode: z.string().nullable(),
  until: z.date().nullable(),
})
export type EntitlementView = z.infer<typeof EntitlementView>

export const TrialView = z
  .object({
    isAvailable: z
      .boolean()
      .describe('Whether a plan with `trialDays` that the account buys now begins with its trial.'),
    isUsed: z.boolean().describe('Whether the account, or one of its owners, has had its trial.'),
  })
  .meta({ id: 'Trial', description: 'An account’s only free trial.' })
export type TrialView = z.infer<typeof TrialView>

export const PaymentMethodView = z
  .object({
    type: z.string().describe('`card`, or what the provider calls another one: `sepa_debit`, `link`, …'),
    brand: z.string().nullable().describe('Of a card: `visa`, `mastercard`, …'),
    last4: z.string().nullable(),
    expMonth: z.int().nullable(),
    expYear: z.int().nullable(),
  })
  .meta({ id: 'PaymentMethod', description: 'What the next payment is charged to.' })
export type PaymentMethodView = z.infer<typeof PaymentMethodView>

export const CardListView = z.object({
  items: z
    .array(
      z
        .object({
          id: z.string(),
          brand: z.string().nullable().describe('`visa`, `mastercard`, …; null if the provider does not say.'),
          last4: z.string().nullable(),
          isPrimary: z.boolean().describe('Whether the subscription is charged to it.'),
        })
        .meta({ id: 'Card', description: 'A card on file for a subscription.' }),
    )
    .describe('The primary card first.'),
  retriesAt: z.date().nullable().describe('When a failed renewal is tried again, with the primary card.'),
})
export type CardListView = z.infer<typeof CardListView>
export const CardInput = z.object({ cardId: z.string().regex(/^\w{1,100}$/, 'must be the id of a card') })
export type CardInput = z.infer<typeof CardInput>
export const AddCardInput = z.object({
  paysOverdue: z
    .boolean()
    .default(false)
    .describe('Takes the overdue amount that the provider no longer collects, instead of a check of the card.'),
})
export type AddCardInput = z.infer<typeof AddCardInput>
export const CardPageView = z.object({
  url: z.string(),
  sessionId: z.string(),
  paysOverdue: z.boolean().describe('Whether the page takes the overdue amount. Otherwise it only checks the card.'),
})
export type CardPageView = z.infer<typeof CardPageView>
export const SyncedCards = z.object({
  state: z
    .enum(['open', 'added', 'paid', 'returned', 'expired'])
    .describe('`paid`: the page has paid the overdue invoice. `returned`: it was no longer due, so it is paid back.'),
  ...CardListView.shape,
})
export type SyncedCards = z.infer<typeof SyncedCards>

export const PortalView = z.object({ url: z.string() })
