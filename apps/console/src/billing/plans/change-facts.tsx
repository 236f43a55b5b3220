import { formatMoney } from '@tollgate/client'
import { Fact } from '../../parts/fact.tsx'
import { t } from '../../texts/catalogue.ts'
import { describeParts } from '../../words/amount-parts.ts'
import { formatDay } from '../../words/dates.ts'
import { isWaiting, type PlanChange } from '../../words/plan-change.ts'
import { formatPrice } from '../../words/price.ts'

/** The amounts and dates of a plan change, as the payment provider computes them. */
export function ChangeFacts({ change }: { change: PlanChange }) {
  const { from, to, preview } = change
  const { dueNowCents, creditCents, currency, nextPaymentCents, nextPaymentAt, takesEffectAt } = preview
  const hasNext = nextPaymentCents > 0 || to.priceCents > 0
  return (
    <dl className="facts">
      <Fact
        term={t.plans.change.dueNow}
        value={[formatMoney(dueNowCents, currency), describeParts(preview, currency)].filter(Boolean).join(' · ')}
      />
      {creditCents > 0 && (
        <Fact term={t.plans.change.credit} value={t.plans.change.creditValue(formatMoney(creditCents, currency))} />
      )}
      <Fact
        term={t.plans.change.next}
        value={
          hasNext
            ? t.plans.change.nextValue(formatMoney(nextPaymentCents, currency), formatDay(nextPaymentAt, from.timeZone))
            : t.plans.change.noNext
        }
      />
      <Fact
        term={t.plans.change.takesEffect}
        value={
          isWaiting(change) ? t.plans.change.onDay(formatDay(takesEffectAt, from.timeZone)) : t.plans.change.immediately
        }
      />
      <Fact term={t.plans.change.price} value={formatPrice(to)} />
    </dl>
  )
}
