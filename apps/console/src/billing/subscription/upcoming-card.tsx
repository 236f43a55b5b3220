import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Fact } from '../../parts/fact.tsx'
import { t } from '../../texts/catalogue.ts'
import { formatDay } from '../../words/dates.ts'
import { formatPrice } from '../../words/price.ts'
import type { Subscription, Upcoming } from '../../words/subscription-status.ts'

interface UpcomingCardProps {
  upcoming: Upcoming
  /** The subscription for whose end it waits, if there is one. Days are in its time zone. */
  present: Subscription | null
  /** Whether the user may cancel it. */
  isManaged: boolean
  onCanceled: () => void
}

/** The plan that begins when the present one ends, and the way to undo that. */
export function UpcomingCard({ upcoming, present, isManaged, onCanceled }: UpcomingCardProps) {
  const { plan, startsAt } = upcoming
  const words = t.billing.upcoming
  const day = formatDay(startsAt, present?.timeZone)
  return (
    <section className="card subscription" aria-label={words.title}>
      <div className="subscription-head">
        <h2>{plan.name}</h2>
        <Badge tone="calm" label={words.badge} />
      </div>
      <p>{present ? words.meaning(day) : words.begins(day)}</p>
      <dl className="facts">
        <Fact term={t.billing.price} value={formatPrice(upcoming)} />
        <Fact term={words.firstPayment} value={day} />
      </dl>
      {isManaged && (
        <div className="actions">
          <CancelUpcoming plan={plan.name} presentEnd={present ? day : null} onCanceled={onCanceled} />
        </div>
      )}
    </section>
  )
}

interface CancelUpcomingProps {
  plan: string
  /** The day on which the current plan ends, if there is one. */
  presentEnd: string | null
  onCanceled: () => void
}

function CancelUpcoming({ plan, presentEnd, onCanceled }: CancelUpcomingProps) {
  const account = useAccountInput()
  const queryClient = useQueryClient()
  const { current, upcoming, cancelUpcoming, pathFilter } = trpc.billing.subscriptions
  const cancel = useMutation(
    cancelUpcoming.mutationOptions({
      onSuccess(present) {
        queryClient.setQueryData(current.queryKey(account), present)
        queryClient.setQueryData(upcoming.queryKey(account), null)
      },
      // Not awaited: once the answer is here, this card may be gone, and would not report back.
      onError: () => void queryClient.invalidateQueries(pathFilter()),
    }),
  )
  const words = t.billing.upcoming.cancel
  return (
    <Confirm
      open={words.open(plan)}
      question={words.question(plan)}
      consequences={[words.notCharged, ...(presentEnd ? [words.present(presentEnd)] : [])]}
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
          // Canceled in another tab: the user has what they asked for.
          onError: (error) => isTollgateError(error, 'NO_UPCOMING_SUBSCRIPTION') && finish(),
        })
      }}
    />
  )
}
