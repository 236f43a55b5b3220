import { after } from '../../platform/clock.ts'
import { validSecrets } from '../endpoints/secrets.ts'
import { eventBody } from '../feed/event-body.ts'
import type { Attempt } from '../outbound/post-webhook.ts'
import { signMessage } from '../outbound/sign.ts'
import type { WebhooksScope } from '../webhooks-scope.ts'
import type { ClaimedDelivery } from './claim-deliveries.ts'
import { LONGEST_FAILURE, noteFailure, noteSuccess, switchOff } from './endpoint-health.ts'
import type { DeliveryResult } from './record-attempts.ts'
import { boundedRetryAfter, nextAttempt } from './retry-schedule.ts'

/** The status that says that an endpoint is gone for good. */
const GONE = 410

interface Sending {
  record(result: DeliveryResult): Promise<void>
  /** Ends the attempt early. */
  readonly signal: AbortSignal
}

/**
 * Makes one attempt at a delivery, and records how it ended. An attempt that was ended early is not recorded and does not
 * count.
 *
 * @returns whether it was recorded.
 */
export async function sendDelivery(
  scope: WebhooksScope,
  delivery: ClaimedDelivery,
  { record, signal }: Sending,
): Promise<boolean> {
  const { event, endpoint } = delivery
  const sentAt = scope.clock.now()
  const content = eventBody(event)
  const body = JSON.stringify(content)
  const secrets = validSecrets(endpoint.secrets, sentAt).map(({ secret }) => secret)
  const headers = signMessage({ id: content.id, sentAt, body }, secrets)
  const attempt = await scope.webhooks.poster.post(endpoint.url, body, { headers, signal })
  if (!attempt.ok && signal.aborted) return false
  await record(resultOf(delivery, attempt, scope.clock.now()))
  await noteHealth(scope, delivery, attempt)
  return true
}

function resultOf({ id, claim, attempts: before }: ClaimedDelivery, attempt: Attempt, now: Date): DeliveryResult {
  const attempts = before + 1
  const about = { id, claim, attempts, lastStatus: attempt.status, lastError: attempt.error }
  if (attempt.ok) return { ...about, state: 'delivered', nextAttemptAt: now, deliveredAt: now }
  const next = attempt.status === GONE ? null : nextAttempt(attempts, { now, retryAfter: attempt.retryAfter })
  return { ...about, state: next ? 'waiting' : 'parked', nextAttemptAt: next ?? now, deliveredAt: null }
}

async function noteHealth(scope: WebhooksScope, { endpoint }: ClaimedDelivery, attempt: Attempt): Promise<void> {
  if (attempt.ok) {
    if (endpoint.failingSince) await noteSuccess(scope, endpoint)
    return
  }
  const { id, url, failingSince, failedAt } = endpoint
  const now = scope.clock.now()
  const quiet = boundedRetryAfter(attempt.retryAfter)
  const quietUntil = quiet > 0 ? after(now, quiet) : null
  const since = await noteFailure(scope, { id, url, failingSince, failedAt, quietUntil })
  if (attempt.status === GONE) return switchOff(scope, { id, url, reason: 'gone', lastError: attempt.error })
  if (since <= after(now, -LONGEST_FAILURE))
    await switchOff(scope, { id, url, reason: 'failing', lastError: attempt.error })
}
