import { raw } from '@mikro-orm/core'
import type { BillingScope } from '../billing-scope.ts'
import { ProviderEvent } from '../provider-event.entity.ts'

/**
 * Applies an event and marks its row, in one transaction. An event that has been applied is skipped. If another
 * transaction is applying it, this waits for the outcome.
 *
 * @param apply returns false when the event is about something that we don't know.
 */
export async function applyOnce(
  { em, clock }: Pick<BillingScope, 'em' | 'clock'>,
  eventId: string,
  apply: () => Promise<boolean>,
): Promise<void> {
  const marked = await em.nativeUpdate(
    ProviderEvent,
    { id: eventId, status: { $in: ['received', 'failed'] } },
    { status: 'processed', processedAt: clock.now(), attempts: raw('attempts + 1'), lastError: null },
  )
  if (marked === 0) return
  const isOurs = await apply()
  if (!isOurs) await em.nativeUpdate(ProviderEvent, { id: eventId }, { status: 'ignored' })
}
