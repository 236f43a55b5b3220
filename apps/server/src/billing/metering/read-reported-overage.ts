import type { EntityManager } from '@mikro-orm/postgresql'
import { smallestStep } from '../../platform/money.ts'

/** What was reported above the limit of a feature in the present billing period, and what it costs. */
interface ReportedOverage {
  unitPriceCents: number
  currency: string
  units: number
  amountCents: number
}

/** Reads what the live subscription of an account has been billed above limits so far, by feature. */
export async function readReportedOverage(
  em: EntityManager,
  accountId: string,
): Promise<ReadonlyMap<string, ReportedOverage>> {
  // The product is exact only in the database: 1.005 times 100 is less than 100.5 in JavaScript.
  const rows = await em.execute<Row[]>(
    `select term.key as feature, price.unit_price, price.currency, reported.units,
       price.unit_price::numeric * reported.units as amount
     from subscriptions s cross join lateral jsonb_each(s.overage) term
       join overage_prices price on price.id = (term.value ->> 'priceId')::uuid
       cross join lateral (
         select coalesce(sum(report.units), 0) as units from overage_reports report
         where report.subscription_id = s.id and report.feature = term.key and report.written_off_at is null
           and report.used_at >= s.current_period_start
       ) reported
     where s.account_id = ? and s.status <> 'canceled' and s.overage is not null`,
    [accountId],
  )
  return new Map(
    rows.map(({ feature, unit_price, currency, units, amount }) => {
      const step = smallestStep(currency)
      const amountCents = Math.round(Number(amount) / step) * step
      return [feature, { unitPriceCents: Number(unit_price), currency, units: Number(units), amountCents }]
    }),
  )
}

interface Row {
  feature: string
  unit_price: string
  currency: string
  units: string
  amount: string
}
