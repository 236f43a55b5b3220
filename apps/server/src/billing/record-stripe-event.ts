import { newId } from '../platform/ids.ts'
import type { BillingScope } from './billing-scope.ts'
import { BadWebhook } from './billing.errors.ts'
import { ApplyStripeEvent } from './billing.queues.ts'
import { isHandled } from './handled-events.ts'
import type { ProviderNotice } from './providers/payment-provider.ts'

/**
 * Stores an event once and queues its job, in one transaction: when it returns, the event can't be lost, and however
 * often it is delivered, also at the same instant, there is one row and one job.
 *
 * What is of another mode or a type that nothing depends on is stored as ignored.
 *
 * @returns the row's id when the event is a new one and something is to be done for it.
 * @throws {BadWebhook} for one that is nested too deep to be stored.
 */
export async function recordStripeEvent(scope: BillingScope, notice: ProviderNotice): Promise<string | null> {
  const { clock, jobs, billing } = scope
  const isOurs = isHandled(notice, billing.settings)
  const eventId = newId()
  const payload = storableJson(notice.payload)

  return scope.em.transactional(async (em) => {
    const inserted = await em.execute<unknown[]>(
      `insert into provider_events (id, provider, provider_event_id, type, status, occurred_at, payload, received_at)
       values (?, 'stripe', ?, ?, ?, ?, ?, ?) on conflict (provider, provider_event_id) do nothing returning id`,
      [
        ...[eventId, notice.id, notice.type, isOurs ? 'received' : 'ignored', notice.occurredAt],
        ...[payload, clock.now()],
      ],
    )
    if (inserted.length === 0 || !isOurs) return null
    await jobs.send(em, ApplyStripeEvent, { eventId })
    return eventId
  })
}

/** Far deeper than any event of Stripe's, and far from where PostgreSQL's own parser gives up. */
const DEEPEST = 100

/**
 * PostgreSQL's jsonb takes neither U+0000 nor half of a surrogate pair, which a customer's name may hold; the event is
 * needed all the same, so they become U+FFFD. `JSON.stringify` writes both of them as escapes, and nothing else so.
 */
function storableJson(payload: Record<string, unknown>): string {
  if (isDeeperThan(payload, DEEPEST)) throw new BadWebhook('The event is nested too deep.')
  return JSON.stringify(payload).replaceAll(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape === String.raw`\u0000` || escape.startsWith(String.raw`\ud`) ? '\ufffd' : escape,
  )
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1))
}
