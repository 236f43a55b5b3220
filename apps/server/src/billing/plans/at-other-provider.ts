import { ProviderUnsupported } from '../billing.errors.ts'
import { PROVIDER_LABELS, type SubscriptionProvider } from '../provider.schemas.ts'

/** An account keeps its provider while a subscription lives. */
export function atOtherProvider(held: SubscriptionProvider, wanted: SubscriptionProvider): ProviderUnsupported {
  const [from, to] = [PROVIDER_LABELS[held], PROVIDER_LABELS[wanted]]
  return new ProviderUnsupported(
    `You pay for your subscription through ${from}, and this plan is sold through ${to}. Switch to it instead: it begins when the time that you have paid for ends.`,
  )
}
