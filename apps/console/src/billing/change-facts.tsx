import { formatMoney } from '@tollgate/client'
import { Fact } from '../parts/fact.tsx'
import { formatDay } from '../words/dates.ts'
import { isWaiting, type PlanChange } from '../words/plan-change.ts'
import { formatPrice } from '../words/price.ts'

/** The amounts and dates of a plan change, as the payment provider computes them. */
export function ChangeFacts({ change }: { change: PlanChange }) {
  const { to, preview } = change
  const { dueNowCents, creditCents, currency, nextPaymentCents, nextPaymentAt, takesEffectAt } = preview
  const hasNext = nextPaymentCents > 0 || to.priceCents > 0
  return (
    <dl className="facts">
      <Fact term="Due now" value={formatMoney(dueNowCents, currency)} />
      {creditCents > 0 && (
        <Fact term="Credit" value={`${formatMoney(creditCents, currency)}, applied to your next payments`} />
      )}
      <Fact
        term="Next payment"
        value={hasNext ? `${formatMoney(nextPaymentCents, currency)} on ${formatDay(nextPaymentAt)}` : 'None'}
      />
      <Fact term="Takes effect" value={isWaiting(change) ? `On ${formatDay(takesEffectAt)}` : 'Immediately'} />
      <Fact term="Price" value={formatPrice(to)} />
    </dl>
  )
}
