import type { BillingInterval } from './provider-catalogue.ts'

/** One price on a subscription. Besides the plan, there may be add-ons that an operator has added. */
export interface ProviderItem {
  id: string
  priceId: string
  /** Null if the provider has no products. */
  productId: string | null
  quantity: number
  /** The price of one. It may be a fraction. */
  unitPriceCents: number
  interval: BillingInterval
  currentPeriodStart: Date
  currentPeriodEnd: Date
}
