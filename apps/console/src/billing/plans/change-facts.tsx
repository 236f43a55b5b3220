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
        term={t.changes.dueNow}
        value={[formatMoney(dueNowCents, currency), describeParts(preview, currency)].filter(Boolean).join(' · ')}
      />
      {creditCents > 0 && (
        <Fact term={t.changes.credit} value={t.changes.creditValue(formatMoney(creditCents, currency))} />
      )}
      <Fact
        term={t.changes.next}
        value={
          hasNext
            ? t.changes.nextValue(formatMoney(nextPaymentCents, currency), formatDay(nextPaymentAt, from.timeZone))
            : t.changes.noNext
        }
      />
      <Fact
        term={t.changes.takesEffect}
        value={isWaiting(change) ? t.changes.onDay(formatDay(takesEffectAt, from.timeZone)) : t.changes.immediately}
      />
      <Fact term={t.changes.price} value={formatPrice(to)} />
    </dl>
  )
}
