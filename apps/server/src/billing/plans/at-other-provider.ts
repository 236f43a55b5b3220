import { ProviderUnsupported } from '../billing.errors.ts'
import { PROVIDER_LABELS, type SubscriptionProvider } from '../provider.schemas.ts'

/** An account keeps its provider while a subscription lives. */
export function atOtherProvider(held: SubscriptionProvider, wanted: SubscriptionProvider): ProviderUnsupported {
  const [from, to] = [PROVIDER_LABELS[held], PROVIDER_LABELS[wanted]]
  return new ProviderUnsupported(
    `You pay for your subscription through ${from}, and this plan is sold through ${to}. Cancel your subscription, and subscribe to this plan once it has ended.`,
  )
}
