import type { EntityManager } from '@mikro-orm/postgresql'
import { inBatchesByTick } from '../../platform/database/batches.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import type { DeliveryState } from '../webhooks.schemas.ts'

/** What a delivery is after an attempt. */
export interface DeliveryResult {
  readonly id: string
  readonly claim: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly nextAttemptAt: Date
  readonly deliveredAt: Date | null
}

/** Ends claims. A delivery that was claimed again, or resent, keeps what it has. */
const RECORD = {
  name: 'record-webhook-attempts',
  text: `update webhook_deliveries delivery set claim = null, state = result.state, attempts = result.attempts,
      last_status = result."lastStatus", last_error = result."lastError", next_attempt_at = result."nextAttemptAt",
      delivered_at = result."deliveredAt"
    from jsonb_to_recordset($1) as result (
      id uuid, claim uuid, state text, attempts int, "lastStatus" int, "lastError" text, "nextAttemptAt" timestamptz,
      "deliveredAt" timestamptz)
    where delivery.id = result.id and delivery.claim = result.claim`,
}

const RELEASE = {
  name: 'release-webhook-deliveries',
  text: `update webhook_deliveries delivery set claim = null, next_attempt_at = $2
    from jsonb_to_recordset($1) as released (id uuid, claim uuid)
    where delivery.id = released.id and delivery.claim = released.claim`,
}

/** Makes a function that records how an attempt ended. What ends together is recorded with one statement. */
export function createAttemptRecorder(em: EntityManager): (result: DeliveryResult) => Promise<void> {
  return inBatchesByTick(async (results) => {
    await runPrepared(em, RECORD, [JSON.stringify(results)])
    return results.map(() => undefined)
  })
}

/** Gives deliveries back that were claimed and not sent to the end, so that another process sends them at once. */
export async function releaseDeliveries(
  em: EntityManager,
  deliveries: readonly { id: string; claim: string }[],
  now: Date,
): Promise<void> {
  const released = deliveries.map(({ id, claim }) => ({ id, claim }))
  if (released.length > 0) await runPrepared(em, RELEASE, [JSON.stringify(released), now])
}
