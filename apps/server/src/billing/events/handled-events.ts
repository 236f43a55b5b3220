import type { PaymentGateway, ProviderChange } from '../providers/payment-provider.ts'

/**
 * Whether an event matters here: it is of our key's mode (live or test), we handle its type, and it names an object
 * that can be fetched.
 */
export function isHandled(
  { isLiveMode, type, subject }: ProviderChange,
  provider: Pick<PaymentGateway, 'isLiveMode' | 'eventTypes'>,
): boolean {
  const isOfType = provider.eventTypes === 'all' || provider.eventTypes.has(type)
  return isLiveMode === provider.isLiveMode && subject !== null && isOfType
}
