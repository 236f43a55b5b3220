import type { EntityManager } from '@mikro-orm/postgresql'
import type { RowChange } from '../provider-event.entity.ts'

interface Row {
  type: RowChange['objectType']
  id: string
  columns: Record<string, unknown>
}

export type AccountRows = ReadonlyMap<string, Row>

/**
 * Reads everything that the provider decides, from the database. The unit of work must be flushed.
 *
 * @param cause what makes the changes of this transaction. The same statement tells it to the trigger that keeps the
 *   history of access, so that it costs no round trip.
 */
export async function readAccountRows(em: EntityManager, accountId: string, cause?: string): Promise<AccountRows> {
  const rows = await em.execute<Row[]>(
    `select 'subscription' as type, provider_subscription_id as id, jsonb_build_object(
         'status', status, 'planId', plan_id, 'priceCents', price, 'unitPriceCents', unit_price,
         'quantity', quantity, 'currency', currency,
         'billingPeriod', billing_period, 'intervalUnit', interval_unit, 'intervalCount', interval_count, 'currentPeriodStart', current_period_start,
         'currentPeriodEnd', current_period_end, 'cancelAtPeriodEnd', cancel_at_period_end,
         -- Null in rows of older versions, where the flag means the period's end.
         'cancelAt', case when cancel_at_period_end then coalesce(cancel_at, current_period_end) else cancel_at end,
         'pausedFrom', paused_from, 'pausedUntil', paused_until, 'canceledAt', canceled_at,
         'endedAt', ended_at, 'pastDueSince', past_due_since, 'scheduledPlanId', scheduled_plan_id,
         'scheduledAt', scheduled_at, 'supersededAt', superseded_at, 'reversedAt', reversed_at) as columns
       from subscriptions where account_id = ? and provider_subscription_id is not null
     union all
     select 'payment', provider_invoice_id, jsonb_build_object(
         'status', status, 'amountCents', amount, 'refundedCents', refunded,
         'disputes', (select string_agg(concat_ws(' ', provider_dispute_id, disputes.status, due_by, has_evidence), ', '
           order by provider_dispute_id) from disputes where payment_id = payments.id))
       from payments where account_id = ? and provider <> 'manual'
     union all
     select 'checkout', provider_session_id, jsonb_build_object('status', checkouts.status)
       from checkouts join customers on customers.id = checkouts.customer_id
       where customers.account_id = ? and provider_session_id is not null
     ${cause === undefined ? '' : `union all select '', '', jsonb_build_object('', set_config('tollgate.cause', ?, true))`}`,
    [accountId, accountId, accountId, ...(cause === undefined ? [] : [cause])],
  )
  return new Map(rows.flatMap((row) => (row.id === '' ? [] : [[row.id, row]])))
}

/** What differs between two readings of an account's rows. */
export function differences(before: AccountRows, after: AccountRows): RowChange[] {
  return [...after.values()].flatMap(({ type, id, columns }) => {
    const known = before.get(id)?.columns
    const changed = Object.keys(columns).filter((name) => columns[name] !== known?.[name])
    if (changed.length === 0) return []
    const only = (of: Record<string, unknown>) => Object.fromEntries(changed.map((name) => [name, of[name]]))
    return [{ objectType: type, objectId: id, before: known ? only(known) : null, after: only(columns) }]
  })
}
