import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount } from '../accounts/use-account.ts'
import { Notice } from '../parts/notice.tsx'
import { mayBill } from '../words/role.ts'
import { describeStatus, type Subscription } from '../words/subscription-status.ts'
import { KeepPlan } from './keep-plan.tsx'

/** Shown above the plans: the current plan, and what it means for choosing another. */
export function PresentPlan({ subscription, onKept }: { subscription: Subscription; onKept: () => void }) {
  const { plan, scheduledChange } = subscription
  const account = useAccount()
  const isManaged = account !== null && mayBill(account.role)
  const { tone, meaning } = describeStatus(subscription)
  return (
    <Notice tone={tone === 'bad' ? 'warning' : tone}>
      <p>
        <strong>{plan.name}.</strong> {meaning} {isManaged && whatElse(subscription)}
      </p>
      <p className="actions">
        <AccountLink className="button button-quiet" to="/subscription">
          {account?.kind === 'organization' ? 'See the subscription' : 'See my subscription'}
        </AccountLink>
        {scheduledChange && isManaged && <KeepPlan plan={plan} onKept={onKept} />}
      </p>
    </Notice>
  )
}

function whatElse({ provider, status, accessReason, cancelAtPeriodEnd }: Subscription): string {
  if (accessReason === 'ended') return 'You can choose a new plan.'
  if (provider === 'manual') return 'A paid plan replaces it immediately.'
  if (status !== 'active' && status !== 'trialing') return 'You can change plans once everything due is paid.'
  return cancelAtPeriodEnd ? 'To change plans, undo the cancellation first.' : ''
}
