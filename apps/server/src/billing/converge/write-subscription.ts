import { OPERATOR, recordAudit } from '../../platform/audit/audit.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { Plan } from '../plan.entity.ts'
import type { IntervalColumns } from '../plans/billing-interval.ts'
import type { ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription, type ShownDiscount } from '../subscription.entity.ts'
import type { FollowUp } from './send-follow-ups.ts'

/** What the provider says of a subscription, as columns of its row. */
export interface SubscriptionColumns
  extends
    Required<IntervalColumns>,
    Pick<ProviderSubscription, 'status' | 'currency' | 'startedAt' | 'cancelAt' | 'canceledAt' | 'endedAt'> {
  providerSubscriptionId: string
  providerItemId: string
  plan: string
  priceCents: number
  discountCents: number
  includedTaxCents: number
  discounts: ShownDiscount[]
  unitPriceCents: number
  quantity: number
  includedSeats: number | null
  perSeatCents: number | null
  quantityDue: number | null
  currentPeriodStart: Date
  currentPeriodEnd: Date
  cancelAtPeriodEnd: boolean
  pausedFrom: Date | null
  pausedUntil: Date | null
  scheduledPlan: string | null
  scheduledPriceId: string | null
  scheduledBillingPeriod: 'monthly' | 'yearly' | null
  scheduledUnitPriceCents: number | null
  scheduledAt: Date | null
  pastDueSince: Date | null
  trialStart: Date | null
  trialEnd: Date | null
  sweptAt?: null
}

/** A subscription's row after a convergence, and the follow-ups. */
export interface ConvergedSubscription {
  /** Null if no plan ever had its price, or if it is not paid while another subscription is live. */
  subscription: Subscription | null
  followUps: FollowUp[]
  /** Whether it was past due or unpaid until now, so that its recovery may end. */
  wasOverdue?: boolean
}

/**
 * Updates the subscription's known row, or inserts a new one. A move to another plan is audited here, because it may come
 * from the customer, from a scheduled change, or from the provider's portal and dashboard.
 */
export async function writeSubscription(
  scope: LockedScope,
  customer: LockedCustomer,
  known: Subscription | null,
  columns: SubscriptionColumns,
): Promise<Subscription> {
  const { em, clock, billing } = scope
  if (known && isMoved(known, columns)) await auditPlanChange(scope, known, columns)
  const now = clock.now()
  const account = await billing.provider.account()
  if (account) customer.providerAccount ??= account
  const present = { ...columns, ...(account && { providerAccount: account }) }
  const subscription = known
    ? em.assign(known, present)
    : em.create(Subscription, {
        ...present,
        account: customer.account.id,
        provider: billing.provider.name,
        createdAt: now,
        updatedAt: now,
      })
  await em.flush()
  return subscription
}

const isMoved = ({ plan, billingPeriod }: Subscription, columns: SubscriptionColumns): boolean =>
  plan.id !== columns.plan || billingPeriod !== columns.billingPeriod

async function auditPlanChange(
  { em, clock }: LockedScope,
  known: Subscription,
  { plan, priceCents, currency, billingPeriod }: SubscriptionColumns,
): Promise<void> {
  const plans = await em.find(Plan, { id: [known.plan.id, plan] })
  const nameOf = (id: string) => {
    const found = plans.find((one) => one.id === id)
    return { planCode: found?.code, planName: found?.name }
  }
  recordAudit({ em, clock }, OPERATOR, {
    action: 'subscription.change_plan',
    targetType: 'subscription',
    targetId: known.id,
    before: {
      ...nameOf(known.plan.id),
      priceCents: known.priceCents,
      currency: known.currency,
      billingPeriod: known.billingPeriod,
    },
    after: { ...nameOf(plan), priceCents, currency, billingPeriod },
  })
}
