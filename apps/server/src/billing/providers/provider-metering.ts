import type { BillingPeriod } from './provider-catalogue.ts'

/** The part of the port for what is billed by use: meters, prices per unit used, and reports of use. */
export interface MeteringProvider {
  /** Creates the price of a feature's unit above its limit, once per `key`, and the feature's meter. */
  ensureOveragePrice(input: OveragePriceInput): Promise<string>

  /**
   * Makes the overage prices of a live subscription the wanted ones. What the former ones have counted is billed on the
   * next invoice. All other items stay. A repeat does nothing.
   */
  setOverage(input: { subscriptionId: string; overage: ProviderOverage }): Promise<void>

  /**
   * Reports units of a feature, once per `key`, for as long as the provider remembers keys.
   *
   * @param input.at when they count. At most 35 days ago.
   */
  reportUsage(input: UsageReport): Promise<void>

  /**
   * Bills units on the next invoice of a subscription, once per `key`. The subscription that used them has ended, so no
   * invoice would include a report to the meter.
   */
  billUsage(input: LateUsage): Promise<void>

  /** @returns what a subscription's next regular invoice is as of now; null if none is to come. */
  previewNextInvoice(subscriptionId: string): Promise<ProviderNextInvoice | null>
}

export interface OveragePriceInput {
  /** Derived from our row. At most 200 characters. */
  key: string
  planId: string
  feature: string
  /** What the invoice calls it. */
  name: string
  /** A decimal, in the smallest unit of the currency. It may be a fraction. */
  unitPrice: string
  currency: string
  billingPeriod: BillingPeriod
}

/** The overage prices among a subscription's prices. */
export interface ProviderOverage {
  /** All that are or were a plan's. */
  known: readonly string[]
  /** Those that the plan has now. */
  wanted: readonly string[]
}

export const NO_OVERAGE: ProviderOverage = { known: [], wanted: [] }

export interface UsageReport {
  key: string
  feature: string
  customerId: string
  units: number
  at: Date
}

export interface LateUsage {
  key: string
  feature: string
  customerId: string
  subscriptionId: string
  /** The overage price that the units have. */
  priceId: string
  units: number
  /** When they were used. */
  from: Date
  to: Date
  /** Whether an earlier call may be so old that the provider has forgotten its key. */
  mayExist: boolean
}

export interface ProviderNextInvoice {
  at: Date
  /** With discounts and taxes, less the balance. */
  amountCents: number
  currency: string
  /** What is billed by use so far, by its price. */
  usage: { priceId: string; units: number; amountCents: number }[]
}
