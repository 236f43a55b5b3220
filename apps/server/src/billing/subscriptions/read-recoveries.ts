import type { EntityManager } from '@mikro-orm/postgresql'
import type { RecoveryView } from '../recovery.schemas.ts'
import type { Subscription } from '../subscription.entity.ts'

interface Row {
  subscription_id: string
  since: string
  last_step: string | null
  next_step_at: string | null
  next_retry_at: string | null
  amount: string
  currency: string
  action: RecoveryView['action']
  invoice_url: string | null
}

/** Reads the failed renewals of these subscriptions, by subscription. Nothing is read unless one of them is overdue. */
export async function readRecoveries(
  em: EntityManager,
  subscriptions: readonly Pick<Subscription, 'id' | 'status'>[],
): Promise<Map<string, RecoveryView>> {
  const overdue = subscriptions.filter(({ status }) => status === 'past_due' || status === 'unpaid')
  if (overdue.length === 0) return new Map()
  const rows = await em.execute<Row[]>(
    `select r.subscription_id, r.since, r.last_step, r.next_step_at, r.next_retry_at, r.amount::text, r.currency, r.action,
       payment.invoice_url
     from recoveries r left join payments payment
       on payment.provider = r.provider and payment.provider_invoice_id = r.provider_invoice_id
     where r.subscription_id = any(?::uuid[]) and r.ended_at is null`,
    [`{${overdue.map(({ id }) => id).join(',')}}`],
  )
  return new Map(rows.map((row) => [row.subscription_id, viewOf(row)]))
}

const viewOf = (row: Row): RecoveryView => ({
  since: new Date(row.since),
  step: row.last_step,
  nextStepAt: dateOrNull(row.next_step_at),
  nextRetryAt: dateOrNull(row.next_retry_at),
  amountDueCents: Number(row.amount),
  currency: row.currency,
  payUrl: row.invoice_url,
  action: row.action,
})

const dateOrNull = (moment: string | null): Date | null => (moment === null ? null : new Date(moment))
