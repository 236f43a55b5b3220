import { Segments } from '../../parts/segments.tsx'
import { t } from '../../texts/catalogue.ts'
import type { PlanView } from './use-plan-view.ts'

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })

/** Switches between monthly and yearly prices, and between currencies, where there is a choice. */
export function PlanFilter({ view }: { view: PlanView }) {
  const { period, hasBothPeriods, saving, currency, currencies, choose } = view
  if (!hasBothPeriods && currencies.length < 2) return null
  return (
    <div className="plan-filter">
      {hasBothPeriods && (
        <div className="plan-period">
          <Segments
            label={t.plans.period}
            value={period}
            options={[
              { value: 'monthly', label: t.plans.periods.monthly },
              { value: 'yearly', label: t.plans.periods.yearly },
            ]}
            onChange={(chosen) => choose({ period: chosen })}
          />
          {saving >= 0.01 && <span className="plan-saving">{t.plans.saving(percent.format(saving))}</span>}
        </div>
      )}
      {currencies.length > 1 && (
        <Segments
          label={t.plans.currency}
          value={currency}
          options={currencies.map((value) => ({ value, label: value.toUpperCase() }))}
          onChange={(chosen) => choose({ currency: chosen })}
        />
      )}
    </div>
  )
}
