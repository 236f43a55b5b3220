import { useMutation } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { explain } from '../words/reasons.ts'
import type { Subscription } from '../words/subscription-status.ts'
import { useKeepSubscription } from './use-subscription.ts'

/** Drops the change that waits, by a change to the plan that there is. */
export function KeepPlan({ plan, onKept }: { plan: Subscription['plan']; onKept: () => void }) {
  const drop = useMutation(trpc.billing.subscriptions.change.mutationOptions(useKeepSubscription()))
  return (
    <>
      <BusyButton
        quiet
        busy={drop.isPending}
        onClick={() => drop.mutate({ planCode: plan.code }, { onSuccess: onKept })}
      >
        Stay on {plan.name}
      </BusyButton>
      {drop.error && <p role="alert">{explain(drop.error)}</p>}
    </>
  )
}
