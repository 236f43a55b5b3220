import { formatMoney } from '@tollgate/client'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount } from '../accounts/use-account.ts'
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
  const isOrganization = useAccount()?.kind === 'organization'
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
        <AccountLink className="button" to="/subscription">
          {isOrganization ? 'Subscription and payments' : 'My subscription and payments'}
        </AccountLink>
      </p>
    </Page>
  )
}
