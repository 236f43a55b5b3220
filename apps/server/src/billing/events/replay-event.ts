import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { BillingScope } from '../billing-scope.ts'
import { EventNotFound } from '../billing.errors.ts'
import { ApplyStripeEvent } from '../billing.queues.ts'
import { ProviderEvent } from '../provider-event.entity.ts'
import { isHandled } from './handled-events.ts'

/**
 * Queues an event of the inbox to be applied again, whatever its status. That is safe: an event only says what to look
 * at, and no mail is sent twice. An event that we don't handle stays ignored.
 *
 * @param which the row's id, or the provider's id.
 * @returns whether the event was queued.
 * @throws {EventNotFound}
 */
export async function replayEvent(
  { em, jobs, clock, billing }: BillingScope,
  actor: AuditActor,
  which: { id: string } | { providerEventId: string },
): Promise<{ id: string; type: string; isQueued: boolean }> {
  return em.transactional(async (em) => {
    const event = await em.findOne(ProviderEvent, which, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    if (!event) throw new EventNotFound()

    const { id, type } = event
    const before = { type, status: event.status, attempts: event.attempts }
    const isQueued = isHandled(billing.provider.readChange(event.payload), billing.settings)
    if (isQueued) {
      event.status = 'received'
      event.processedAt = null
      await jobs.send(em, ApplyStripeEvent, { eventId: id })
    }
    const after = { ...before, status: event.status }
    recordAudit({ em, clock }, actor, {
      action: 'webhook_event.replay',
      targetType: 'webhook_event',
      targetId: id,
      before,
      after,
    })
    return { id, type, isQueued }
  })
}
