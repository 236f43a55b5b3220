import type { AdminScope } from '../admin-scope.ts'

const KEY = `plan_id, status, is_grant, currency, billing_period, interval_unit, interval_count, unit_price,
  included_seats, per_seat_cents`

/**
 * Merges all rows about the same plan, status and price into one row. It is one statement, so readers always see correct
 * sums, and changes that are written meanwhile are kept.
 */
export async function addUpPlanCounts({ em }: Pick<AdminScope, 'em'>): Promise<void> {
  await em.execute(
    `with noted as (select id, count(*) over (partition by ${KEY}) as notes from plan_counts),
     gone as (
       delete from plan_counts using noted where plan_counts.id = noted.id and noted.notes > 1 returning plan_counts.*
     )
     insert into plan_counts (${KEY}, count, amount)
     select ${KEY}, sum(count), sum(amount) from gone
     group by ${KEY} having sum(count) <> 0 or sum(amount) <> 0`,
  )
}
