import { inBatches } from '../../platform/database/batches.ts'
import { runAlone } from '../../platform/database/prepared.ts'
import type { Scope } from '../../platform/scope.ts'
import { atProvider, type BillingDeps } from '../billing-scope.ts'
import type { ProviderName } from '../provider.schemas.ts'
import type { WebhookCall } from '../providers/payment-provider.ts'
import { recordEvents, storableEvent, type StorableEvent } from './record-events.ts'

/**
 * Returns a function that verifies a call to a provider's endpoint and stores its event. Events that arrive at once are
 * stored together.
 *
 * The function throws {BadWebhook} for a call without a valid signature.
 *
 * @throws {ProviderUnsupported} if the provider is not configured.
 */
export function createEventInbox(
  billing: BillingDeps,
  name: ProviderName,
  openScope: () => Scope,
): (call: WebhookCall) => Promise<void> {
  const scope = () => atProvider({ ...openScope(), billing }, name)
  const { provider } = scope().billing
  const record = inBatches((events: readonly StorableEvent[]) => {
    const there = scope()
    return recordEvents(there, runAlone(there.em), events)
  })
  return async (call) => {
    await record(storableEvent(provider.verifyWebhook(call)))
  }
}
