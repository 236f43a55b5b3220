import { AccountLink } from '../../accounts/account-link.tsx'
import { useAccount } from '../../accounts/use-account.ts'
import { Notice } from '../../parts/notice.tsx'
import { t } from '../../texts/catalogue.ts'
import { mayBill } from '../../words/rights.ts'
import { describeStatus, type Subscription, type Upcoming } from '../../words/subscription-status.ts'
import { KeepPlan } from '../subscription/keep-plan.tsx'

/** Shown above the plans: the current plan, and what it means for choosing another. */
export function PresentPlan({
  subscription,
  upcoming,
  onKept,
}: {
  subscription: Subscription
  upcoming: Upcoming | null
  onKept: () => void
}) {
  const { plan, scheduledChange } = subscription
  const account = useAccount()
  const isManaged = account !== null && mayBill(account.role)
  const { tone, meaning } = describeStatus(subscription, upcoming)
  return (
    <Notice tone={tone === 'bad' ? 'warning' : tone}>
      <p>
        <strong>{plan.name}.</strong> {meaning} {isManaged && !upcoming && whatElse(subscription)}
      </p>
      <p className="actions">
        <AccountLink className="button button-quiet" to="/subscription">
          {account?.kind === 'organization' ? t.billing.seeSubscription : t.billing.seeMine}
        </AccountLink>
        {scheduledChange && isManaged && <KeepPlan plan={plan} onKept={onKept} />}
      </p>
    </Notice>
  )
}

function whatElse({ provider, status, accessReason, cancelAtPeriodEnd }: Subscription): string {
  if (accessReason === 'ended') return t.billing.whatElse.ended
  if (provider === 'manual') return t.billing.whatElse.grant
  if (status !== 'active' && status !== 'trialing') return t.billing.whatElse.due
  return cancelAtPeriodEnd ? t.billing.whatElse.canceling : ''
}
