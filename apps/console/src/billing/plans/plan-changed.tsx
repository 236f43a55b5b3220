import { formatMoney } from '@tollgate/client'
import { AccountLink } from '../../accounts/account-link.tsx'
import { useAccount } from '../../accounts/use-account.ts'
import { Notice } from '../../parts/notice.tsx'
import { Page } from '../../parts/page.tsx'
import { t } from '../../texts/catalogue.ts'
import { formatDay } from '../../words/dates.ts'
import type { ChangePreview } from '../../words/plan-change.ts'
import { isHeld } from '../../words/plan-price.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { SubscriptionCard } from '../subscription/subscription-card.tsx'

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
  const isNow = isHeld(to, subscription)
  return (
    <Page title={isNow ? t.changes.onNow(to.name) : t.changes.willChange(to.name)} narrow takesOver>
      <Notice tone="good">
        {isNow && preview.dueNowCents > 0 && t.changes.paid(formatMoney(preview.dueNowCents, preview.currency))}
        {isNow && preview.dueNowCents === 0 && t.changes.notCharged}
        {!isNow &&
          scheduledChange &&
          t.changes.keepUntil(plan.name, formatDay(scheduledChange.at, subscription.timeZone))}
      </Notice>
      <SubscriptionCard subscription={subscription} />
      <p className="actions">
        <AccountLink className="button" to="/subscription">
          {isOrganization ? t.billing.toSubscription : t.billing.toMine}
        </AccountLink>
      </p>
    </Page>
  )
}
