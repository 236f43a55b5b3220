import { useMutation } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { t } from '../../texts/catalogue.ts'
import { formatDay } from '../../words/dates.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { useKeepSubscription } from './use-subscription.ts'

interface CancelSubscriptionProps {
  subscription: Subscription
  onCanceled: () => void
}

/** Cancels at the end of the period, after a confirmation that says how long access lasts. */
export function CancelSubscription({ subscription, onCanceled }: CancelSubscriptionProps) {
  const account = useAccountInput()
  const cancel = useMutation(trpc.billing.subscriptions.cancel.mutationOptions(useKeepSubscription()))
  const { plan, scheduledChange } = subscription
  const words = t.billing.cancel
  return (
    <Confirm
      open={words.open}
      question={words.question(plan.name)}
      consequences={[
        whenItEnds(subscription),
        ...(scheduledChange ? [words.alsoChange(scheduledChange.plan.name)] : []),
        words.undo,
      ]}
      yes={words.yes}
      no={words.no}
      busy={cancel.isPending}
      error={cancel.error}
      onClose={cancel.reset}
      onYes={(close) => {
        const finish = () => {
          close()
          onCanceled()
        }
        cancel.mutate(account, {
          onSuccess: finish,
          // Canceled in another tab or in the portal: the user has what they asked for.
          onError: (error) => isTollgateError(error, 'ALREADY_CANCELING') && finish(),
        })
      }}
    />
  )
}

function whenItEnds({ plan, status, timeZone, currentPeriodEnd }: Subscription): string {
  const words = t.billing.cancel
  const end = formatDay(currentPeriodEnd, timeZone)
  if (status === 'past_due' || status === 'unpaid') return words.endsUnpaid(end)
  return words.keepUntil(plan.name, end) + (status === 'trialing' ? words.notCharged : words.notChargedAgain)
}
