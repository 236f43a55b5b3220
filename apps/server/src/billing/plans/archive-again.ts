import type { CallingScope } from '../billing-scope.ts'
import type { CatalogueItem } from '../providers/payment-provider.ts'

/**
 * Archives a product or price that a plan change has made active for a moment and left active, because the process died
 * or the provider failed. The job is retried, and a repeat changes nothing.
 *
 * @throws {PaymentProviderError}
 */
export async function archiveAgain({ billing, log }: CallingScope, item: CatalogueItem): Promise<void> {
  const wasActive = await billing.provider.archiveAgain(item)
  if (wasActive) log.warn(item, 'a plan change left this active at the provider; it is archived again')
}
