import type { ReactNode, Ref } from 'react'
import { Badge } from '../../parts/badge.tsx'
import { Fact } from '../../parts/fact.tsx'
import { t } from '../../texts/catalogue.ts'
import { formatDay, formatDays } from '../../words/dates.ts'
import { describeDiscounts } from '../../words/discounts.ts'
import { formatPrice } from '../../words/price.ts'
import { describeStatus, type Subscription, type Upcoming } from '../../words/subscription-status.ts'

interface SubscriptionCardProps {
  subscription: Subscription
  /** The plan that waits for its end. */
  upcoming?: Upcoming | null
  /** Gets the focus after something about the subscription has changed. */
  headingRef?: Ref<HTMLHeadingElement>
  /** The actions. */
  children?: ReactNode
}

/** A subscription and its status. */
export function SubscriptionCard({ subscription, upcoming = null, headingRef, children }: SubscriptionCardProps) {
  const { label, tone, meaning } = describeStatus(subscription, upcoming)
  const { plan, quantity, startedAt, timeZone, currentPeriodStart, currentPeriodEnd } = subscription
  const discounts = describeDiscounts(subscription)
  return (
    <section className="card subscription" aria-label={t.billing.yourPlan}>
      <div className="subscription-head">
        <h2 tabIndex={-1} ref={headingRef}>
          {plan.name}
        </h2>
        <Badge tone={tone} label={label} />
      </div>
      <p>{meaning}</p>
      <dl className="facts">
        <Fact term={t.billing.price} value={formatPrice(subscription)} />
        {discounts && <Fact term={t.billing.discounts.title} value={discounts} />}
        {plan.seats?.perSeatCents != null && <Fact term={t.billing.members} value={String(quantity)} />}
        <Fact term={t.billing.since} value={formatDay(startedAt, timeZone)} />
        <Fact term={t.billing.period} value={formatDays(currentPeriodStart, currentPeriodEnd, timeZone)} />
      </dl>
      {children}
    </section>
  )
}
