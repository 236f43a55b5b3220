import type { EntityManager } from '@mikro-orm/postgresql'
import { atProvider, EventNotFound, isConfigured, type ProviderName, type RowChange } from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { WebhookEventDetails } from '../system.schemas.ts'
import { CALLED_PAYMENT, CALLED_SUBSCRIPTION, EVENT_COLUMNS, eventViews, type EventRow } from './list-webhook-events.ts'

interface Row extends EventRow {
  provider: ProviderName
  occurred_at: string
  payload: Record<string, unknown>
  changes: RowChange[] | null
  /** The object itself, if it may be a payment; and the payment that it names. */
  payment: string | null
  payment_intent: string | null
  /** The same of a subscription. */
  own_subscription: string | null
  subscription: string | null
}

/**
 * Reads one event with what an admin may see of its payload, and what it changed here.
 *
 * @throws {EventNotFound}
 */
export async function getWebhookEvent(scope: AdminScope, { id }: { id: string }): Promise<WebhookEventDetails> {
  const { em, billing } = scope
  const [row] = await em.execute<Row[]>(
    `select ${EVENT_COLUMNS}, e.provider, e.occurred_at, e.payload, e.changes,
       coalesce(e.payload #>> '{data,object,id}', ${CALLED_PAYMENT}) as payment,
       e.payload #>> '{data,object,payment_intent}' as payment_intent,
       coalesce(e.payload #>> '{data,object,id}', ${CALLED_SUBSCRIPTION}) as own_subscription,
       coalesce(e.payload #>> '{data,object,subscription}',
         e.payload #>> '{data,object,parent,subscription_details,subscription}') as subscription
     from provider_events e where e.id = ?`,
    [id],
  )
  if (!row) throw new EventNotFound()

  const touched = await findTouched(em, row)
  const found = { ...row, account_id: row.account_id ?? touched.accountId }
  const viewOf = await eventViews(em, [found])
  const { shown, hidden } = isConfigured({ billing }, row.provider)
    ? atProvider(scope, row.provider).billing.provider.redact(row.payload)
    : { shown: {}, hidden: 0 }
  return {
    ...viewOf(found),
    provider: row.provider,
    occurredAt: new Date(row.occurred_at),
    payload: shown,
    hiddenFields: hidden,
    effect: {
      subscriptionId: touched.subscriptionId,
      paymentId: touched.paymentId,
      changes: row.changes && (await withRowIds(em, row)),
    },
  }
}

/** The rows that the event is about, found by the ids that it names. */
async function findTouched(
  em: EntityManager,
  { provider, payment: own, payment_intent, own_subscription, subscription }: Row,
): Promise<{ subscriptionId: string | null; paymentId: string | null; accountId: string | null }> {
  const [[payment], [live]] = [
    await em.execute<{ id: string; account_id: string; subscription_id: string | null }[]>(
      `select id, account_id, subscription_id from payments
       where provider = ? and (provider_invoice_id = ? or provider_payment_id in (?, ?)) limit 1`,
      [provider, own, own, payment_intent],
    ),
    await em.execute<{ id: string; account_id: string }[]>(
      'select id, account_id from subscriptions where provider = ? and provider_subscription_id in (?, ?) limit 1',
      [provider, own_subscription, subscription],
    ),
  ]
  return {
    subscriptionId: live?.id ?? payment?.subscription_id ?? null,
    paymentId: payment?.id ?? null,
    accountId: live?.account_id ?? payment?.account_id ?? null,
  }
}

const ROW_OF = {
  subscription: 'select id from subscriptions where provider = ? and provider_subscription_id = ?',
  payment: 'select id from payments where provider = ? and provider_invoice_id = ?',
  checkout: `select c.id from checkouts c join plan_prices price on price.id = c.price_id join plans p on p.id = price.plan_id
     where p.provider = ? and c.provider_session_id = ?`,
} as const

async function withRowIds(
  em: EntityManager,
  { provider, changes }: Row,
): Promise<(RowChange & { id: string | null })[]> {
  const found: (RowChange & { id: string | null })[] = []
  for (const change of changes ?? []) {
    const [row] = await em.execute<{ id: string }[]>(ROW_OF[change.objectType], [provider, change.objectId])
    found.push({ ...change, id: row?.id ?? null })
  }
  return found
}
