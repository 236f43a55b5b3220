import { DAY, wallNow } from '../time.ts'
import type { Account } from './account.ts'

const EVENTS_KEPT_FOR = 30 * DAY
const KEYS_KEPT_FOR = DAY

/** Removes what Stripe keeps for a limited time: events after 30 days, idempotency keys after one. */
export function forgetOld(account: Account): void {
  const now = wallNow()
  account.journal.transaction(() => {
    for (const event of account.events.all()) {
      if (event.recorded <= now - EVENTS_KEPT_FOR) forgetEvent(account, event.id)
    }
    for (const key of account.idempotencyKeys.all())
      if (key.recorded <= now - KEYS_KEPT_FOR) account.idempotencyKeys.remove(key.id)
  })
}

/** Removes an event and its deliveries. */
export function forgetEvent(account: Account, id: string): void {
  for (const delivery of account.deliveries.by('eventId', id)) account.deliveries.remove(delivery.id)
  account.events.remove(id)
}
