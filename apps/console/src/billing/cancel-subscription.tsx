import { useMutation } from '@tanstack/react-query'
import { errorText, isTollgateError } from '@tollgate/client'
import { useRef } from 'react'
import { useAccountInput } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { formatDay } from '../words/dates.ts'
import type { Subscription } from '../words/subscription-status.ts'
import { useKeepSubscription } from './use-subscription.ts'

/** Cancels at the end of the period, after a confirmation that says how long access lasts. */
export function CancelSubscription({
  subscription,
  onCanceled,
}: {
  subscription: Subscription
  onCanceled: () => void
}) {
  const question = useRef<HTMLDialogElement>(null)
  const account = useAccountInput()
  const cancel = useMutation(trpc.billing.subscriptions.cancel.mutationOptions(useKeepSubscription()))
  const finish = () => {
    question.current?.close()
    onCanceled()
  }
  const { plan, scheduledChange } = subscription
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => question.current?.showModal()}>
        Cancel subscription…
      </button>
      <dialog ref={question} className="dialog" aria-labelledby="cancel-question" onClose={cancel.reset}>
        <h2 id="cancel-question">Cancel {plan.name}?</h2>
        <ul className="bullets">
          <li>{whenItEnds(subscription)}</li>
          {scheduledChange && <li>Your change to {scheduledChange.plan.name} is canceled, too.</li>}
          <li>Until then, you can undo the cancellation.</li>
        </ul>
        {cancel.error && <Notice tone="bad">{errorText(cancel.error)}</Notice>}
        <p className="actions">
          <button type="button" className="button button-quiet" onClick={() => question.current?.close()}>
            Go back
          </button>
          <BusyButton
            data-tone="bad"
            busy={cancel.isPending}
            onClick={() =>
              cancel.mutate(account, {
                onSuccess: finish,
                // Canceled in another tab or in the portal: the user has what they asked for.
                onError: (error) => isTollgateError(error, 'ALREADY_CANCELING') && finish(),
              })
            }
          >
            Yes, cancel it
          </BusyButton>
        </p>
      </dialog>
    </>
  )
}

function whenItEnds({ plan, status, currentPeriodEnd }: Subscription): string {
  const end = formatDay(currentPeriodEnd)
  if (status === 'past_due' || status === 'unpaid') return `It ends on ${end}. Unpaid invoices are still due.`
  const charges = status === 'trialing' ? "You won't be charged." : "You won't be charged again."
  return `You keep ${plan.name} until ${end}. ${charges}`
}
