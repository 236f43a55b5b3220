import { formatMoney } from '@tollgate/client'
import { useSearchParams } from 'react-router'
import { Segments } from '../../parts/segments.tsx'
import { t } from '../texts/catalogue.ts'
import { bucketsOf, periodOf } from './buckets.ts'
import { Chart, type Series } from './chart.tsx'
import { pathTo } from './targets.ts'
import type { Overview } from './tiles.tsx'
import { formatShortMoney } from './words.ts'

type Kind = keyof Overview['mrr'][number]['movement']

const KINDS: readonly Series<Kind>[] = [
  { figure: 'new', label: t.overview.kinds.new, color: 1 },
  { figure: 'expansion', label: t.overview.kinds.expansion, color: 2 },
  { figure: 'reactivation', label: t.overview.kinds.reactivation, color: 5 },
  { figure: 'contraction', label: t.overview.kinds.contraction, color: 3 },
  { figure: 'churn', label: t.overview.kinds.churn, color: 4 },
]
const REVENUE: readonly Series<'cents' | 'refundedCents'>[] = [
  { figure: 'cents', label: t.overview.kept, color: 1 },
  { figure: 'refundedCents', label: t.overview.refunds, color: 4 },
]
const SIGN_UPS: readonly Series<'count'>[] = [{ figure: 'count', label: t.overview.newPeople, color: 2 }]

/** The charts of the overview: of one currency, if there are several. */
export function Charts({ overview }: { overview: Overview }) {
  const [query, setQuery] = useSearchParams()
  const currencies = [...new Set([...overview.mrr, ...overview.revenue].map(({ currency }) => currency))].toSorted()
  const asked = query.get('currency')
  const currency = currencies.find((each) => each === asked) ?? busiest(overview)
  return (
    <>
      {currencies.length > 1 && currency !== undefined && (
        <Segments
          label={t.overview.currency}
          value={currency}
          options={currencies.map((value) => ({ value, label: value.toUpperCase() }))}
          onChange={(chosen) =>
            setQuery((now) => new URLSearchParams({ ...Object.fromEntries(now), currency: chosen }), {
              ...{ replace: true, preventScrollReset: true },
            })
          }
        />
      )}
      <div className="overview-charts">
        {currency !== undefined && <MoneyCharts overview={overview} currency={currency} />}
        <SignUpChart overview={overview} />
      </div>
    </>
  )
}

/** The currency with the most subscriptions. */
const busiest = ({ mrr, revenue }: Overview): string | undefined =>
  mrr.toSorted((one, other) => other.subscribers - one.subscribers)[0]?.currency ?? revenue[0]?.currency

function MoneyCharts({ overview, currency }: { overview: Overview; currency: string }) {
  const mrr = overview.mrr.find((each) => each.currency === currency)
  const revenue = overview.revenue.find((each) => each.currency === currency)
  const money = {
    format: (cents: number) => formatMoney(cents, currency),
    formatShort: (cents: number) => formatShortMoney(cents, currency),
  }
  const sum = (kinds: readonly Kind[]) => kinds.reduce((total, kind) => total + (mrr?.movement[kind].cents ?? 0), 0)
  return (
    <>
      {mrr && (
        <>
          <Chart
            {...money}
            title={t.overview.mrrChart}
            summary={t.overview.mrrSummary(money.format(mrr.startCents), money.format(mrr.cents))}
            shape="area"
            period="day"
            buckets={mrr.byDay.map(({ day, cents }) => ({ from: day, to: day, figures: { cents } }))}
            series={[{ figure: 'cents', label: t.overview.mrr, color: 1 }]}
            pathOf={({ from, to }) => pathTo.mrrChanges({ from, to, currency })}
          />
          <Chart
            {...money}
            title={t.overview.movementChart}
            summary={t.overview.movementSummary(
              money.format(sum(['new', 'expansion', 'reactivation'])),
              money.format(-sum(['contraction', 'churn'])),
            )}
            shape="bars"
            period={periodOf(mrr.byDay.length)}
            buckets={bucketsOf(
              mrr.byDay,
              KINDS.map(({ figure }) => figure),
            )}
            series={KINDS}
            pathOf={({ from, to }, kind) => pathTo.mrrChanges({ from, to, currency, ...(kind && { kind }) })}
          />
        </>
      )}
      {revenue && (
        <Chart
          {...money}
          title={t.overview.revenueChart}
          summary={t.overview.revenueSummary(money.format(revenue.cents), money.format(revenue.refundedCents))}
          shape="bars"
          period={periodOf(revenue.byDay.length)}
          buckets={bucketsOf<'cents' | 'refundedCents'>(revenue.byDay, ['cents', 'refundedCents'])}
          series={REVENUE}
          pathOf={({ from, to }, figure) =>
            pathTo.payments({ from, to, currency, counted: figure === 'refundedCents' ? 'refunds' : 'revenue' })
          }
        />
      )}
    </>
  )
}

function SignUpChart({ overview: { signUps } }: { overview: Overview }) {
  const format = (count: number) => count.toLocaleString()
  return (
    <Chart
      title={t.overview.signUpsChart}
      summary={t.overview.signUpsSummary(signUps.count)}
      shape="bars"
      period={periodOf(signUps.byDay.length)}
      buckets={bucketsOf<'count'>(signUps.byDay, ['count'])}
      series={SIGN_UPS}
      format={format}
      formatShort={format}
      pathOf={({ from, to }) => pathTo.people({ from, to })}
    />
  )
}
