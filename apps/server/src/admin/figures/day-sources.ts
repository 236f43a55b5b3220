import type { DaySource } from '../day-figure.entity.ts'

/**
 * What the figures by day are counted from. Each query returns `day`, `figure`, `currency`, `count` and `amount`. Its
 * two values are the first day and the day after the last one.
 *
 * A source needs a trigger that notes its stale days. See migration 0022.
 */
export const daySources: Readonly<Record<DaySource, string>> = {
  /** How many accounts changed what they pay, and by how much per year. */
  mrr: `
    select day, kind as figure, currency, count(*) as count, sum(closed - opened) as amount
    from mrr_changes where day >= ?::date and day < ?::date and kind <> 'none' group by day, kind, currency`,

  /** On the day of the invoice, as decision 0013 says. */
  payments: `
    select day, figure, currency, count, amount from (
      select (created_at at time zone 'UTC')::date as day, currency,
        count(*) filter (where status <> 'refunded') as paid,
        sum(amount - refunded) filter (where status <> 'refunded') as revenue,
        count(*) filter (where refunded > 0) as refunds, sum(refunded) as refunded
      from payments
      where created_at >= ?::date::timestamp at time zone 'UTC' and created_at < ?::date::timestamp at time zone 'UTC'
        and status in ('succeeded', 'partially_refunded', 'refunded')
      group by 1, 2
    ) sums, lateral (values ('revenue', paid, revenue), ('refunds', refunds, refunded)) each (figure, count, amount)
    where count > 0`,

  users: `
    select (created_at at time zone 'UTC')::date as day, 'sign-ups' as figure, '' as currency, count(*) as count, 0 as amount
    from users
    where created_at >= ?::date::timestamp at time zone 'UTC' and created_at < ?::date::timestamp at time zone 'UTC'
    group by 1`,
}
