import type { EntityManager } from '@mikro-orm/postgresql'

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
  const rows = await em.execute<{ feature: string; unit_price: string; currency: string; units: string }[]>(
    `select term.key as feature, price.unit_price, price.currency, coalesce((
         select sum(report.units) from overage_reports report
         where report.subscription_id = s.id and report.feature = term.key and report.written_off_at is null
           and report.used_at >= s.current_period_start
       ), 0) as units
     from subscriptions s cross join lateral jsonb_each(s.overage) term
       join overage_prices price on price.id = (term.value ->> 'priceId')::uuid
     where s.account_id = ? and s.status <> 'canceled' and s.overage is not null`,
    [accountId],
  )
  return new Map(
    rows.map(({ feature, unit_price, currency, units }) => {
      const [unitPriceCents, count] = [Number(unit_price), Number(units)]
      return [feature, { unitPriceCents, currency, units: count, amountCents: Math.round(unitPriceCents * count) }]
    }),
  )
}
