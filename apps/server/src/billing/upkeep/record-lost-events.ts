import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import { HOUR } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { BadWebhook } from '../billing.errors.ts'
import { recordStripeEvents, storableEvent } from '../events/record-stripe-events.ts'
import type { ProviderChange } from '../providers/payment-provider.ts'

/**
 * How much of the list is read again each time: it may be a little late, and the provider's clock differs from ours.
 */
const OVERLAP = HOUR

/**
 * Stores the events that the provider's list marks as undelivered, as if they had just arrived. Reads the list since
 * the last round, or as far back as it goes (30 days at Stripe). The cursor moves only after the whole list is stored.
 *
 * @returns the row ids of the new events that must be applied.
 * @throws {PaymentProviderError}
 */
export async function recordLostEvents(scope: BillingScope, billingNow: Date): Promise<string[]> {
  const { em, log } = scope
  const { provider } = scope.billing
  const since = await listedSince(scope, billingNow)
  const found: string[] = []
  for await (const change of provider.listChanges({ since, onlyUndelivered: true })) {
    try {
      const eventId = await recordLostEvent(scope, change)
      if (eventId) found.push(eventId)
    } catch (error) {
      if (!(error instanceof BadWebhook)) throw error
      log.error({ err: error, event: change.id }, 'cannot store this event of the provider')
    }
  }
  await em.execute(
    `insert into provider_cursors (provider, listed_until) values (?, ?)
     on conflict (provider) do update set listed_until = excluded.listed_until`,
    [provider.name, billingNow],
  )
  return found
}

async function listedSince({ em, billing }: BillingScope, billingNow: Date): Promise<Date> {
  const [row] = await em.execute<{ until: number }[]>(
    'select extract(epoch from listed_until)::float8 * 1000 as until from provider_cursors where provider = ?',
    [billing.provider.name],
  )
  if (!row) return new Date(0)
  return after(new Date(Math.min(row.until, billingNow.getTime())), -OVERLAP)
}

const NOTE_RECOVERED = {
  name: 'note-recovered-event',
  text: `insert into reconciliation_findings (id, found_at, kind, object_type, object_id, after)
     values ($1, $2, 'event_recovered', 'event', $3, $4)`,
}

async function recordLostEvent(scope: BillingScope, change: ProviderChange): Promise<string | null> {
  return scope.em.transactional(async (em) => {
    const run = runWithin(em)
    const [eventId] = await recordStripeEvents(scope, run, [storableEvent(change)])
    if (!eventId) return null
    const after = JSON.stringify({ type: change.type, occurredAt: change.occurredAt })
    await run(NOTE_RECOVERED, [newId(), scope.clock.now(), change.id, after])
    return eventId
  })
}
