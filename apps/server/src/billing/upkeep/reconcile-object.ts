import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { endForeign } from '../converge/end-foreign.ts'
import { underLock } from '../customers/under-lock.ts'
import { queueCanceledMail } from '../mails/queue-canceled-mail.ts'
import { ReconciliationFinding } from '../reconciliation-finding.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import type { ObjectToRecheck } from './objects-to-recheck.ts'

type Finding = Pick<ReconciliationFinding, 'objectType' | 'objectId'>

/** Stripe keeps events for 30 days. Users get no email about endings older than this. */
const NEWS_AGE = 30 * DAY

/**
 * Fetches one object from the provider and converges its customer, under the customer's lock. Stores every correction
 * as a finding. Queues the email about a subscription that turns out to have ended, unless it was already sent.
 *
 * @returns the corrected rows.
 * @throws {PaymentProviderError} and nothing has changed.
 */
export async function reconcileObject(
  scope: BillingScope,
  billingNow: Date,
  { kind, id, accountId, isListed = false }: ObjectToRecheck,
): Promise<Finding[]> {
  return underLock({ ...scope, em: scope.em.fork() }, accountId, async (locked, customer) => {
    const { em } = locked
    const before = await rowsOf(em, accountId)
    const converged = await convergeCustomer(locked, customer, { kind, id })
    await em.flush()
    const isMissing = kind === 'subscription' && !converged && !isListed
    if (isMissing && !(await endForeign(locked, id, billingNow))) await reportUnknown(locked, accountId, id)
    const corrected = differences(before, await rowsOf(em, accountId))
    for (const finding of corrected) {
      em.create(ReconciliationFinding, {
        ...finding,
        kind: 'corrected',
        account: accountId,
        foundAt: scope.clock.now(),
      })
    }
    await mailEndings(locked, corrected, billingNow)
    return corrected
  })
}

interface Correction extends Finding {
  objectType: 'subscription' | 'payment' | 'checkout'
  before: Record<string, unknown> | null
  after: Record<string, unknown>
}

interface Row {
  type: Correction['objectType']
  id: string
  columns: Record<string, unknown>
}

/** Reads everything that the provider decides, from the database. The unit of work must be flushed. */
async function rowsOf(em: EntityManager, accountId: string): Promise<Map<string, Row>> {
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
       where customers.account_id = ? and provider_session_id is not null`,
    [accountId, accountId, accountId],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

function differences(before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): Correction[] {
  return [...after.values()].flatMap(({ type, id, columns }) => {
    const known = before.get(id)?.columns
    const changed = Object.keys(columns).filter((name) => columns[name] !== known?.[name])
    if (changed.length === 0) return []
    const only = (of: Record<string, unknown>) => Object.fromEntries(changed.map((name) => [name, of[name]]))
    return [{ objectType: type, objectId: id, before: known ? only(known) : null, after: only(columns) }]
  })
}

/** Does not end the subscription: with another account's key, that would end all of them. A person has to look. */
async function reportUnknown({ em, clock, log }: BillingScope, accountId: string, id: string): Promise<void> {
  const known = await em.count(ReconciliationFinding, {
    kind: 'unknown_at_provider',
    objectId: id,
    foundAt: { $gt: after(clock.now(), -DAY) },
  })
  if (known > 0) return
  log.error(
    { providerSubscriptionId: id },
    'the provider does not know this subscription, or knows it for another customer',
  )
  em.create(ReconciliationFinding, {
    kind: 'unknown_at_provider',
    objectType: 'subscription',
    objectId: id,
    account: accountId,
    foundAt: clock.now(),
  })
}

async function mailEndings(scope: BillingScope, corrected: readonly Correction[], billingNow: Date): Promise<void> {
  for (const { objectType, objectId, before, after: fetched } of corrected) {
    // A payment can become `canceled`, too: its invoice was voided. That ends nothing.
    if (objectType !== 'subscription') continue
    const hasEnded = fetched['status'] === 'canceled' && before !== null && before['status'] !== 'pending'
    if (!hasEnded) continue
    const ended = await scope.em.findOneOrFail(Subscription, { providerSubscriptionId: objectId })
    const isNews = ended.endedAt && ended.endedAt > after(billingNow, -NEWS_AGE)
    if (isNews && !ended.supersededAt) await queueCanceledMail(scope, ended)
  }
}
