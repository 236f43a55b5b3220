import { Link } from 'react-router'
import { Notice } from '../parts/notice.tsx'
import { describeStatus, type Subscription } from '../words/subscription-status.ts'
import { KeepPlan } from './keep-plan.tsx'

/** Shown above the plans: the current plan, and what it means for choosing another. */
export function PresentPlan({ subscription, onKept }: { subscription: Subscription; onKept: () => void }) {
  const { plan, scheduledChange } = subscription
  const { tone, meaning } = describeStatus(subscription)
  return (
    <Notice tone={tone === 'bad' ? 'warning' : tone}>
      <p>
        <strong>{plan.name}.</strong> {meaning} {whatElse(subscription)}
      </p>
      <p className="actions">
        <Link className="button button-quiet" to="/subscription">
          See my subscription
        </Link>
        {scheduledChange && <KeepPlan plan={plan} onKept={onKept} />}
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
