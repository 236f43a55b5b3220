import { after } from '../../platform/clock.ts'
import { pages } from '../../platform/database/keyset.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'

/** An object of the provider's of which something new may be known there. */
export interface ObjectToRecheck {
  kind: 'subscription' | 'invoice' | 'checkout'
  /** Its id at the provider. */
  id: string
  userId: string
}

/** Before its period ends, so that the sweep knows whether it was resumed; the reconciler runs every hour. */
const BEFORE_ITS_END = HOUR
/** For so long the provider is asked again about what the sweep has ended without asking. */
const SWEPT_FOR = 2 * DAY
/** A payment page that is open for longer is more likely to be left than to be in use. */
const OPEN_FOR = HOUR
const PAGE = 500

/**
 * What the reconciler asks the provider about: subscriptions whose period ends or should have been renewed, that owe
 * something, or that the sweep has ended without asking; payments of which something is still to be heard; payment
 * pages that have been open for long.
 *
 * @param now billing time; payment pages live by the wall clock.
 */
export async function* objectsToRecheck(scope: BillingScope, now: Date): AsyncIterable<ObjectToRecheck> {
  yield* dueForRenewal(scope, after(now, BEFORE_ITS_END))
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, user_id from subscriptions
     where status in ('pending', 'past_due', 'unpaid') and provider = 'stripe' and current_period_end > ?`,
    [after(now, BEFORE_ITS_END)],
  )
  yield* objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, user_id from subscriptions
     where swept_at > ? and status = 'canceled' and provider = 'stripe' and superseded_at is null`,
    [after(now, -SWEPT_FOR)],
  )
  yield* objects(
    scope,
    'invoice',
    `select id, provider_invoice_id as object_id, user_id from payments
     where status in ('pending', 'requires_action') and provider = 'stripe'`,
    [],
  )
  yield* objects(
    scope,
    'checkout',
    `select page.id, page.provider_session_id as object_id, customer.user_id
     from checkouts page join customers customer on customer.id = page.customer_id
     where page.status = 'open' and page.provider_session_id is not null and page.created_at < ?`,
    [after(scope.clock.now(), -OPEN_FOR)],
  )
}

/**
 * The provider's live subscriptions whose period is over by then, in the order of their ends. Those that are converged
 * meanwhile have moved on, and are not met again.
 */
export function dueForRenewal(scope: BillingScope, by: Date): AsyncIterable<ObjectToRecheck> {
  return objects(
    scope,
    'subscription',
    `select id, provider_subscription_id as object_id, user_id, current_period_end from subscriptions
     where status <> 'canceled' and provider = 'stripe' and current_period_end <= ?`,
    [by],
    'current_period_end',
  )
}

interface Row {
  id: string
  object_id: string
  user_id: string
}

async function* objects(
  { em }: BillingScope,
  kind: ObjectToRecheck['kind'],
  query: string,
  values: readonly unknown[],
  by?: string,
): AsyncIterable<ObjectToRecheck> {
  for await (const page of pages<Row>(em, { query, values, size: PAGE, ...(by && { by }) })) {
    for (const row of page) yield { kind, id: row.object_id, userId: row.user_id }
  }
}
