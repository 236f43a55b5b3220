import { atProvider, type CallingScope } from '../billing-scope.ts'
import type { ProviderName } from '../provider.schemas.ts'
import type { CatalogueItem } from '../providers/payment-provider.ts'

/**
 * Archives a product or price that a plan change has made active for a moment and left active, because the process died
 * or the provider failed. The job is retried, and a repeat changes nothing.
 *
 * @throws {PaymentProviderError}
 */
export async function archiveAgain(
  scope: CallingScope,
  { provider, ...item }: CatalogueItem & { provider: ProviderName },
): Promise<void> {
  const wasActive = await atProvider(scope, provider).billing.provider.archiveAgain(item)
  if (wasActive) scope.log.warn(item, 'a plan change left this active at the provider; it is archived again')
}
