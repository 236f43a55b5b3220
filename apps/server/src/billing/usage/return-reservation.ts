import type { BillingScope } from '../billing-scope.ts'
import { ReservationClosed, ReservationNotFound } from '../feature.errors.ts'
import type { GiveBackInput, UsageView } from '../usage.schemas.ts'
import { waiting } from './close-in-turn.ts'
import { giveBack } from './close-reservation.ts'
import { usageView } from './usage-view.ts'

/**
 * Gives a reservation back: nothing of it was used. A repeat gets the same answer.
 *
 * @param close how it waits for what other transactions hold.
 * @throws {ReservationNotFound}
 * @throws {ReservationClosed} if it was settled
 */
export async function returnReservation(
  { em, clock }: Pick<BillingScope, 'em' | 'clock'>,
  { id: accountId, reservation }: GiveBackInput,
  close = waiting,
): Promise<UsageView> {
  const row = await close(accountId, (wait) => giveBack(em, { accountId, reservation, now: clock.now(), wait }))
  if (!row) throw new ReservationNotFound()
  if (row.state === 'settled') throw new ReservationClosed()
  const used = row.used ?? row.used_then
  if (used === null) throw new ReservationNotFound() // so old that its counter was deleted
  return usageView({ allowed: true, used, limit: row.limit, resetsAt: row.resets_at })
}
