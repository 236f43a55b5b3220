/** The providers that take money. Each has a gateway. */
export const PROVIDERS = ['stripe', 'paymob'] as const
export type ProviderName = (typeof PROVIDERS)[number]

/** The provider of a plan that names none. Its row of an account's customers is the account's lock. */
export const DEFAULT_PROVIDER: ProviderName = 'stripe'

/** Who manages a subscription. `manual` means an admin granted it. */
export const SUBSCRIPTION_PROVIDERS = ['stripe', 'manual', 'paymob'] as const
export type SubscriptionProvider = (typeof SUBSCRIPTION_PROVIDERS)[number]

/** What people call them. */
export const PROVIDER_LABELS: Record<SubscriptionProvider, string> = {
  stripe: 'Stripe',
  manual: 'a grant',
  paymob: 'Paymob',
}

/** How long a discount lasts: for one invoice, for some months, or as long as the subscription. */
export const DISCOUNT_DURATIONS = ['once', 'repeating', 'forever'] as const
export type DiscountDuration = (typeof DISCOUNT_DURATIONS)[number]
