import type { BillingScope } from '../../billing/index.ts'
import { LOWEST_ID } from '../../platform/database/ids.ts'

/** Maximum rows of one statement. */
const MOST = 1_000

/** The row that says that it was done. */
const DONE = { kind: 'feed', id: 'earlier-access' } as const

/**
 * Notes when the access and the overrides end that are older than the feed. Nothing else would tell the sequencer, if
 * they end by time alone. It runs once for an installation, and may stop anywhere.
 */
export async function followEarlierAccess({ em, billing }: Pick<BillingScope, 'em' | 'billing'>): Promise<void> {
  const done = await em.execute('select 1 from event_objects where kind = ? and id = ?', [DONE.kind, DONE.id])
  if (done.length > 0) return
  const grace = billing.settings.pastDueGrace / 1_000
  for (const [table, end] of [
    [
      'subscriptions',
      `case when status = 'past_due' then coalesce(past_due_since, current_period_end) + make_interval(secs => ${grace})
       when status in ('active', 'trialing') then current_period_end end`,
    ],
    ['entitlement_overrides', 'until'],
  ] as const) {
    let last: string | undefined = LOWEST_ID
    while (last !== undefined) {
      const rows: { id: string }[] = await em.execute<{ id: string }[]>(
        `with next as (
           select id, account_id, ${end} as due_at from ${table} where id > ? order by id limit ?
         ), noted as (
           insert into event_objects as known (kind, id, version, due_at)
           select 'entitlements', account_id::text, 0, min(due_at) from next where due_at > now() group by account_id
           on conflict (kind, id) do update set due_at = least(known.due_at, excluded.due_at) where known.version = 0
         ) select id from next order by id desc limit 1`,
        [last, MOST],
      )
      last = rows[0]?.id
    }
  }
  await em.execute('insert into event_objects (kind, id, version) values (?, ?, 0) on conflict do nothing', [
    ...[DONE.kind, DONE.id],
  ])
}
