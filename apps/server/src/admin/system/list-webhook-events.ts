import type { EntityManager } from '@mikro-orm/postgresql'
import { readOwners } from '../../accounts/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { allOf } from '../lists/conditions.ts'
import type { ListWebhookEventsInput, WebhookEventView } from '../system.schemas.ts'

export interface EventRow {
  id: string
  provider_event_id: string
  type: string
  status: WebhookEventView['status']
  received_at: string
  processed_at: string | null
  attempts: number
  last_error: string | null
  object_id: string | null
  account_id: string | null
}

// Written exactly as in the indexes `provider_events_object` and `provider_events_customer`.
const OBJECT_ID = `left(e.payload #>> '{data,object,id}', 255)`
const CUSTOMER_ID = `left(coalesce(e.payload #>> '{data,object,customer}', e.payload #>> '{data,object,id}'), 255)`

/**
 * A callback of a provider whose events name no customer: what it is about. Null for all others. Payments,
 * subscriptions and cards have numbers there, so one number may belong to several objects.
 */
export const CALLED_PAYMENT = `case when e.type = 'TRANSACTION' then e.payload #>> '{obj,id}' end`
export const CALLED_SUBSCRIPTION = `e.payload #>> '{subscription_data,id}'`

// Written exactly as in the index `provider_events_called`, with its condition.
const CALLED_ID = `left(coalesce(e.payload #>> '{subscription_data,id}', e.payload #>> '{obj,id}'), 255)`
const IS_CALLED = `(e.payload #>> '{data,object,id}') is null`

/** Events that name no customer: those of the customer's account and provider. */
const OF_CUSTOMER = `(e.account_id = any(array(select account_id from customers where provider_customer_id = ?))
  and e.provider = any(array(select provider from customers where provider_customer_id = ?)))`

/** The columns of {@link EventRow}. The payload stays in the database: it is large, and may contain personal data. */
export const EVENT_COLUMNS = `e.id, e.provider_event_id, e.type, e.status, e.received_at, e.processed_at, e.attempts,
  e.last_error, left(coalesce(${OBJECT_ID}, ${CALLED_SUBSCRIPTION}, ${CALLED_PAYMENT}), 255) as object_id,
  coalesce(e.account_id, (select account_id from customers where provider_customer_id = ${CUSTOMER_ID}),
    (select account_id from subscriptions
       where provider_subscription_id = ${CALLED_SUBSCRIPTION} and provider = e.provider),
    (select account_id from payments
       where provider_payment_id = ${CALLED_PAYMENT} and provider = e.provider limit 1)) as account_id`

/**
 * Lists the events received from the payment provider, newest first, each with its outcome.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listWebhookEvents(
  { em }: Pick<AdminScope, 'em'>,
  input: ListWebhookEventsInput,
): Promise<Page<WebhookEventView>> {
  const { cursor, limit, status, type, objectId, customerId, accountId, from, to } = input
  const place = cursor ? readCursor(cursor) : undefined
  const { where, values } = allOf([
    status && [`e.status = '${status}'`], // not a parameter, so that partial indexes apply
    type !== undefined && ['e.type = ?', type],
    objectId !== undefined && [`(${OBJECT_ID} = ? or (${IS_CALLED} and ${CALLED_ID} = ?))`, objectId, objectId],
    customerId !== undefined && [`(${CUSTOMER_ID} = ? or ${OF_CUSTOMER})`, customerId, customerId, customerId],
    accountId !== undefined && [
      `(${CUSTOMER_ID} = any(array(select provider_customer_id from customers where account_id = ?)) or e.account_id = ?)`,
      accountId,
      accountId,
    ],
    from && ['e.received_at >= ?', from],
    to && ['e.received_at <= ?', to],
    place && ['(e.received_at, e.id) < (?, ?::uuid)', place.at, place.id],
  ])
  const rows = await em.execute<EventRow[]>(
    `select ${EVENT_COLUMNS} from provider_events e where ${where} order by e.received_at desc, e.id desc limit ?`,
    [...values, limit + 1],
  )
  const viewOf = await eventViews(em, rows)
  return pageOf(rows, limit, viewOf, ({ received_at, id }) => ({ at: new Date(received_at), id }))
}

/** @returns a function that makes the view of each of these rows. */
export async function eventViews(
  em: EntityManager,
  rows: readonly EventRow[],
): Promise<(row: EventRow) => WebhookEventView> {
  const accountIds = new Set(rows.flatMap(({ account_id }) => account_id ?? []))
  const owners = await readOwners(em, [...accountIds])
  return (row) => ({
    id: row.id,
    providerEventId: row.provider_event_id,
    type: row.type,
    status: row.status,
    receivedAt: new Date(row.received_at),
    processedAt: row.processed_at === null ? null : new Date(row.processed_at),
    attempts: row.attempts,
    lastError: row.last_error,
    objectId: row.object_id,
    account: (row.account_id && owners.get(row.account_id)?.account) || null,
  })
}
