import { formatDay, formatDays } from '../words/dates.ts'
import { formatPrice } from '../words/money.ts'
import { describeStatus, type Subscription } from '../words/subscription-status.ts'
import { Badge } from './badge.tsx'

/** A subscription with how it stands. */
export function SubscriptionCard({ subscription }: { subscription: Subscription }) {
  const { label, tone, meaning } = describeStatus(subscription)
  const { plan, scheduledChange, startedAt, currentPeriodStart, currentPeriodEnd } = subscription
  return (
    <section className="card subscription" aria-label="Your plan">
      <div className="subscription-head">
        <h2>{plan.name}</h2>
        <Badge tone={tone} label={label} />
      </div>
      <p>{meaning}</p>
      {scheduledChange && (
        <p>
          It changes to {scheduledChange.plan.name} on {formatDay(scheduledChange.at)}.
        </p>
      )}
      <dl className="facts">
        <Fact term="Price" value={formatPrice(subscription)} />
        <Fact term="Since" value={formatDay(startedAt)} />
        <Fact term="Current period" value={formatDays(currentPeriodStart, currentPeriodEnd)} />
      </dl>
    </section>
  )
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  )
}
