import type { CallingScope } from '../billing-scope.ts'
import type { TrialView } from '../billing.schemas.ts'
import { hasUsedTrial } from '../customers/has-used-trial.ts'
import { findUpcoming } from '../subscriptions/upcoming-subscription.ts'
import { blocksPurchase, findHeld } from './start-checkout.ts'

/**
 * Says whether a plan that the account buys now begins with its trial, as the checkout page decides it.
 *
 * @throws {ProviderUnsupported} if the provider of the live subscription is not configured.
 * @throws {PaymentProviderError}
 */
export async function readTrial(scope: CallingScope, { accountId }: { accountId: string }): Promise<TrialView> {
  const { em } = scope
  if (await hasUsedTrial(em, accountId)) return { isAvailable: false, isUsed: true }
  const held = await findHeld(em, accountId)
  const isBlocked =
    (await findUpcoming(em, accountId)) !== null || (held !== null && (await blocksPurchase(scope, held)))
  return { isAvailable: !isBlocked, isUsed: false }
}
