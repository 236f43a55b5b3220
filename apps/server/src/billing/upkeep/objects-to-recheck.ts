import { after } from '../../platform/clock.ts'
import { pages } from '../../platform/database/keyset.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'

/** An object that may have changed at the provider without an event reaching us. */
export interface ObjectToRecheck {
  kind: 'subscription' | 'invoice' | 'checkout'
  /** Its id at the provider. */
  id: string
  accountId: string
  /** Whether nothing of it need be stored, because it is listed at the provider, or is scheduled to start. */
  isListed?: boolean
}

/**
 * How long before its period's end a subscription is rechecked, so that the sweep knows whether it was resumed. Not
 * less than an hour, because the reconciler runs every hour.
 */
const BEFORE_PERIOD_END = HOUR
/** How long a subscription is rechecked after the sweep ended it without asking the provider. */
const AFTER_SWEEP = 2 * DAY
/** How old an open checkout page must be to be rechecked. A younger one is probably still in use. */
const AFTER_OPENING = HOUR
const PAGE = 500

/**
 * Lists what the reconciler asks the provider in question about:
 * - subscriptions whose period is about to end or should have been renewed
 * - subscriptions that are about to end before their period does, or to resume after a pause
 * - subscriptions that owe money
 * - subscriptions that the sweep ended without asking the provider
 * - subscriptions whose quantity is not the number of members, although they are charged per member
 * - subscriptions that were paid in test mode, if our key is a live one
 * - payments whose outcome is open
 * - subscriptions that are scheduled to start, if the present one is not set to end yet, or their start is due
 * - checkout pages that have been open for a long time, in wall time
 */
export async function* objectsToRecheck(scope: BillingScope, billingNow: Date): AsyncIterable<ObjectToRecheck> {
  const provider = scope.billing.provider.name
  yield* dueForChange(scope, after(billingNow, BEFORE_PERIOD_END))
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id from subscriptions
     where status in ('pending', 'past_due', 'unpaid') and provider = ? and current_period_end > ?`,
    [provider, after(billingNow, BEFORE_PERIOD_END)],
  )
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id from subscriptions
     where swept_at > ? and status = 'canceled' and provider = ? and superseded_at is null`,
    [after(billingNow, -AFTER_SWEEP), provider],
  )
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id from subscriptions subscription
     where status <> 'canceled' and provider = ? and per_seat_cents is not null
       and quantity <> (select greatest(1, count(*)) from members where account_id = subscription.account_id)`,
    [provider],
  )
  // Under a live key, what was paid in test mode gives no access.
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id from subscriptions
     where status <> 'canceled' and provider = ? and provider_account like '%:test' and ?`,
    [provider, scope.billing.provider.isLiveMode],
  )
  for await (const upcoming of objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id from upcoming_subscriptions
     where status = 'waiting' and provider = ? and (settled_at is null or starts_at <= ?)`,
    [provider, billingNow],
  )) {
    yield { ...upcoming, isListed: true }
  }
  yield* objects(
    scope,
    'invoice',
    `select id, provider_invoice_id as object_id, account_id from payments
     where status in ('pending', 'requires_action') and provider = ?`,
    [provider],
  )
  yield* objects(
    scope,
    'checkout',
    `select page.id, page.provider_session_id as object_id, customer.account_id
     from checkouts page join customers customer on customer.id = page.customer_id
     where page.status = 'open' and page.provider_session_id is not null and customer.provider = ?
       and page.created_at < ?`,
    [provider, after(scope.clock.now(), -AFTER_OPENING)],
  )
}

/**
 * Lists the provider's live subscriptions that should be renewed or over by then: those whose period ends, ordered by
 * period end; those that end before their period does; and paused ones that resume. A subscription that is renewed while
 * the list is read no longer matches and is not listed again.
 *
 * @param by billing time.
 */
export async function* dueForChange(scope: BillingScope, by: Date): AsyncIterable<ObjectToRecheck> {
  const provider = scope.billing.provider.name
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id, current_period_end from subscriptions
     where status <> 'canceled' and provider = ? and current_period_end <= ?`,
    [provider, by],
    'current_period_end',
  )
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id from subscriptions
     where status <> 'canceled' and provider = ? and cancel_at_period_end and cancel_at <= ?
       and current_period_end > ?`,
    [provider, by, by],
  )
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, account_id from subscriptions
     where status = 'paused' and provider = ? and paused_until <= ? and current_period_end > ?`,
    [provider, by, by],
  )
}

interface Row {
  id: string
  object_id: string
  account_id: string
}

async function* objects(
  { em }: BillingScope,
  kind: ObjectToRecheck['kind'],
  query: string,
  values: readonly unknown[],
  by?: string,
): AsyncIterable<ObjectToRecheck> {
  for await (const page of pages<Row>(em, { query, values, size: PAGE, ...(by && { by }) })) {
    for (const row of page) yield { kind, id: row.object_id, accountId: row.account_id }
  }
}
