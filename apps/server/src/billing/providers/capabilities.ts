import type { SubscriptionProvider } from '../provider.schemas.ts'

export type { ProviderName, SubscriptionProvider } from '../provider.schemas.ts'

/** What a provider can do. The server refuses everything else without calling the provider. */
export interface ProviderCapabilities {
  /** Renews subscriptions automatically. */
  readonly renews: boolean
  /** Can change the plan of a live subscription. */
  readonly changesPlans: boolean
  readonly refunds: boolean
  /** Its refunds have ids and say whether they are ours. Otherwise only a payment's refunded amount is known. */
  readonly namedRefunds: boolean
  /** Has a portal where customers manage their cards and invoices. */
  readonly portal: boolean
  /** Its cards are listed, chosen, added and removed with our calls. */
  readonly cards: boolean
  /** Computes what a plan change costs. Otherwise its adapter does. */
  readonly previews: boolean
  /** A month is a calendar month. Otherwise it is 30 days, and a year is 360. */
  readonly calendarMonths: boolean
  /** Does a repeated call with the same key only once. Otherwise its adapter asks before it repeats a call. */
  readonly idempotencyKeys: boolean
  /** An operator can pause a subscription there. */
  readonly pause: boolean
  readonly discounts: boolean
  /** Computes taxes. */
  readonly tax: boolean
  /** Charges a quantity, so a plan can have a price per member. */
  readonly seats: boolean
  /** Bills by use, so a plan's feature can have a price per unit above its limit. */
  readonly metered: boolean
  /** What a checkout page takes for a moment to check the card if nothing is due, in the smallest unit. Paid back. */
  readonly cardCheckCents: number
  /** Has a page for an open invoice, where it is paid with any card and without a login. */
  readonly payPages: boolean
  /** Has a product for each plan, and prices that are archived. Otherwise only prices. */
  readonly products: boolean
  /** Says when a card expires. */
  readonly cardExpiries: boolean
  /** Can list its events and objects, so that what was missed is found. Otherwise each object is asked for. */
  readonly eventLists: boolean
}

const NOTHING: ProviderCapabilities = {
  renews: false,
  changesPlans: false,
  refunds: false,
  namedRefunds: false,
  portal: false,
  cards: false,
  previews: false,
  calendarMonths: false,
  idempotencyKeys: false,
  pause: false,
  discounts: false,
  tax: false,
  seats: false,
  metered: false,
  cardCheckCents: 0,
  payPages: false,
  products: false,
  cardExpiries: false,
  eventLists: false,
}

/** What each provider can do. */
export const CAPABILITIES: Record<SubscriptionProvider, ProviderCapabilities> = {
  stripe: {
    renews: true,
    changesPlans: true,
    refunds: true,
    namedRefunds: true,
    portal: true,
    cards: false,
    previews: true,
    calendarMonths: true,
    idempotencyKeys: true,
    pause: true,
    discounts: true,
    tax: true,
    seats: true,
    metered: true,
    cardCheckCents: 0,
    payPages: true,
    products: true,
    cardExpiries: true,
    eventLists: true,
  },
  /** An admin's grant, which costs nothing. */
  manual: { ...NOTHING, calendarMonths: true },
  paymob: {
    ...NOTHING,
    renews: true,
    changesPlans: true,
    refunds: true,
    cards: true,
    pause: true,
    cardCheckCents: 100,
  },
}
