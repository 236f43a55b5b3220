import { useMutation } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { t } from '../../texts/catalogue.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { useKeepSubscription } from './use-subscription.ts'

/** Cancels the scheduled change by changing to the current plan. */
export function KeepPlan({ plan, onKept }: { plan: Subscription['plan']; onKept: () => void }) {
  const account = useAccountInput()
  const keep = useMutation(trpc.billing.subscriptions.change.mutationOptions(useKeepSubscription()))
  return (
    <>
      <BusyButton
        quiet
        busy={keep.isPending}
        onClick={() => keep.mutate({ ...account, planCode: plan.code }, { onSuccess: onKept })}
      >
        {t.billing.stayOn(plan.name)}
      </BusyButton>
      {keep.error && (
        <p role="alert">
          <Problem error={keep.error} />
        </p>
      )}
    </>
  )
}
