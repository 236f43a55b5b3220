import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { atProvider, type BillingScope } from '../billing-scope.ts'
import { EventNotFound } from '../billing.errors.ts'
import { APPLY_EVENT } from '../billing.queues.ts'
import { ProviderEvent } from '../provider-event.entity.ts'
import { isHandled } from './handled-events.ts'

/**
 * Queues an event of the inbox to be applied again, whatever its status. That is safe: an event only says what to look
 * at, and no mail is sent twice. An event that we don't handle stays ignored.
 *
 * @param which the row's id, or the provider's id.
 * @returns whether the event was queued.
 * @throws {EventNotFound}
 * @throws {ProviderUnsupported} if the event's provider is not configured.
 */
export async function replayEvent(
  scope: BillingScope,
  actor: AuditActor,
  which: { id: string } | { providerEventId: string },
): Promise<{ id: string; type: string; isQueued: boolean }> {
  const { clock } = scope
  return scope.em.transactional(async (em) => {
    const event = await em.findOne(ProviderEvent, which, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    if (!event) throw new EventNotFound()

    const { id, type } = event
    const before = { type, status: event.status, attempts: event.attempts }
    const isQueued = await queueAgain({ ...scope, em }, event)
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

/** Maximum events that one call replays, so that its transaction stays short. */
const MAXIMUM_REPLAYED = 500

/**
 * Queues the events that failed to be applied again, the oldest first. One audit entry names the call.
 *
 * @returns how many were queued, and whether there are more.
 */
export async function replayFailedEvents(
  scope: BillingScope,
  actor: AuditActor,
): Promise<{ replayed: number; hasMore: boolean }> {
  const { clock } = scope
  return scope.em.transactional(async (em) => {
    const events = await em.find(
      ProviderEvent,
      { status: 'failed' },
      {
        orderBy: { receivedAt: 'asc', id: 'asc' },
        limit: MAXIMUM_REPLAYED + 1,
        lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE, // skips those that another call holds
      },
    )
    const chosen = events.slice(0, MAXIMUM_REPLAYED)
    for (const event of chosen) await queueAgain({ ...scope, em }, event)
    const replayed = chosen.filter(({ status }) => status === 'received').length
    const hasMore = events.length > chosen.length
    if (replayed > 0)
      recordAudit({ em, clock }, actor, {
        action: 'webhook_event.replay_failed',
        targetType: 'webhook_event',
        targetId: 'all',
        before: null,
        after: { replayed, hasMore },
      })
    return { replayed, hasMore }
  })
}

/** @returns false for an event that is not handled here, which stays as it is. */
async function queueAgain(scope: BillingScope, event: ProviderEvent): Promise<boolean> {
  const { em, jobs, billing } = atProvider(scope, event.provider)
  if (!isHandled(billing.provider.readChange(event.payload), billing.provider)) return false
  event.status = 'received'
  event.processedAt = null
  await jobs.send(em, APPLY_EVENT[event.provider], { eventId: event.id })
  return true
}
