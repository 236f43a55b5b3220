import type { BillingScope } from '../billing-scope.ts'
import { ReservationClosed, ReservationNotFound } from '../feature.errors.ts'
import type { SettleInput, UsageView } from '../usage.schemas.ts'
import { waiting } from './close-in-turn.ts'
import { settle } from './close-reservation.ts'
import { usageView } from './usage-view.ts'

/**
 * Says how much of a reservation was used. It counts in the window in which it was reserved, by the limit of then.
 *
 * The reserved amount, or less, is always allowed until it is given back. More, or after it was given back, is allowed
 * if it fits. What does not fit changes nothing. A repeat gets the same answer.
 *
 * @param close how it waits for what other transactions hold.
 * @throws {ReservationNotFound}
 * @throws {ReservationClosed} if it was given back, or settled with another amount
 */
export async function settleReservation(
  { em, clock, billing }: Pick<BillingScope, 'em' | 'clock' | 'billing'>,
  { id: accountId, reservation, amount }: SettleInput,
  close = waiting,
): Promise<UsageView> {
  const times = { now: clock.now(), billingNow: await billing.time.now() }
  const row = await close(accountId, (wait) => settle(em, { accountId, reservation, amount, ...times, wait }))
  if (!row) throw new ReservationNotFound()
  const { state, limit, resets_at: resetsAt } = row
  if (state === 'settled' && Number(row.amount) === amount && row.used_then !== null) {
    return usageView({ allowed: true, used: row.used_then, limit, resetsAt })
  }
  if (state !== 'open' && state !== 'expired') throw new ReservationClosed()
  if (row.used === null) throw new ReservationNotFound() // so old that its counter was deleted
  return usageView({ allowed: row.fits ?? false, used: row.used, limit, resetsAt })
}
