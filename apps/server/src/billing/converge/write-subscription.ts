import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import type { IntervalColumns } from '../plans/billing-interval.ts'
import type { ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
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
  scheduledAt: Date | null
  pastDueSince: Date | null
  sweptAt?: null
}

/** A subscription's row after a convergence, and the follow-ups. */
export interface ConvergedSubscription {
  /** Null if no plan ever had its price, or if it is not paid while another subscription is live. */
  subscription: Subscription | null
  followUps: FollowUp[]
}

/** Updates the subscription's known row, or inserts a new one. */
export async function writeSubscription(
  { em, clock, billing }: LockedScope,
  customer: LockedCustomer,
  known: Subscription | null,
  columns: SubscriptionColumns,
): Promise<Subscription> {
  const now = clock.now()
  const account = await billing.provider.account()
  if (account) customer.providerAccount ??= account
  const present = { ...columns, ...(account && { providerAccount: account }) }
  const subscription = known
    ? em.assign(known, present)
    : em.create(Subscription, {
        ...present,
        account: customer.account.id,
        provider: 'stripe',
        createdAt: now,
        updatedAt: now,
      })
  await em.flush()
  return subscription
}
