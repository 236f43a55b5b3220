import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import type { ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import type { FollowUp } from './send-follow-ups.ts'

/** What the provider says of a subscription, as the columns of its row. */
export interface SubscriptionColumns extends Pick<
  ProviderSubscription,
  | 'status'
  | 'priceCents'
  | 'currency'
  | 'billingPeriod'
  | 'startedAt'
  | 'currentPeriodStart'
  | 'currentPeriodEnd'
  | 'cancelAtPeriodEnd'
  | 'canceledAt'
  | 'endedAt'
> {
  providerSubscriptionId: string
  plan: string
  scheduledPlan: string | null
  scheduledAt: Date | null
  pastDueSince: Date | null
  sweptAt?: null
}

/** A subscription's row as a convergence has left it, and what that sets off. */
export interface ConvergedSubscription {
  /** Null if it is none of ours, because no plan ever had its price, or if it has not begun yet. */
  subscription: Subscription | null
  followUps: FollowUp[]
}

/** Writes a subscription's row: the one that is known, or a new one. */
export async function writeSubscription(
  { em, clock }: LockedScope,
  customer: LockedCustomer,
  known: Subscription | null,
  columns: SubscriptionColumns,
): Promise<Subscription> {
  const now = clock.now()
  const subscription = known
    ? em.assign(known, columns)
    : em.create(Subscription, {
        ...columns,
        user: customer.user.id,
        provider: 'stripe',
        createdAt: now,
        updatedAt: now,
      })
  await em.flush()
  return subscription
}
