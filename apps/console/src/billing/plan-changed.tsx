import { formatMoney } from '@tollgate/client'
import { Link } from 'react-router'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { formatDay } from '../words/dates.ts'
import type { ChangePreview } from '../words/plan-change.ts'
import type { Subscription } from '../words/subscription-status.ts'
import { SubscriptionCard } from './subscription-card.tsx'

interface PlanChangedProps {
  subscription: Subscription
  to: Subscription['plan']
  /** The preview the user confirmed. */
  preview: ChangePreview
}

/** The result of a confirmed change. */
export function PlanChanged({ subscription, to, preview }: PlanChangedProps) {
  const { plan, scheduledChange } = subscription
  const isNow = plan.id === to.id
  return (
    <Page title={isNow ? `You're on ${to.name}` : `Your plan will change to ${to.name}`} narrow takesOver>
      <Notice tone="good">
        {isNow && preview.dueNowCents > 0 && `You paid ${formatMoney(preview.dueNowCents, preview.currency)}.`}
        {isNow && preview.dueNowCents === 0 && 'Nothing was charged.'}
        {!isNow &&
          scheduledChange &&
          `You keep ${plan.name} until ${formatDay(scheduledChange.at)}. Until then, you can change your mind.`}
      </Notice>
      <SubscriptionCard subscription={subscription} />
      <p className="actions">
        <Link className="button" to="/subscription">
          My subscription and payments
        </Link>
      </p>
    </Page>
  )
}
