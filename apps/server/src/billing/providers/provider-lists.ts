import type { ProviderDispute } from './provider-dispute.ts'

/** The part of the port that reads whole lists of the provider, page by page. */
export interface ListProvider<Subscription, Invoice> {
  /** All subscriptions that are not canceled. */
  listSubscriptions(input: { after: string | null }): Promise<ListedPage<ListedSubscription<Subscription>>>
  /** The invoices that were created since then. */
  listInvoices(input: { since: Date; after: string | null }): Promise<ListedPage<Invoice>>
  /** The payments of the refunds that were made since then. */
  listRefunds(input: { since: Date; after: string | null }): Promise<ListedPage<ListedRefund>>
  /** The disputes that were opened since then. */
  listDisputes(input: { since: Date; after: string | null }): Promise<ListedPage<ListedDispute>>
}

/** A page of one of the provider's lists, newest first. */
export interface ListedPage<Item> {
  items: readonly Item[]
  /** Continues after this page (`after`); null on the last page. */
  next: string | null
}

export interface ListedSubscription<Subscription> {
  id: string
  createdAt: Date
  customerId: string
  /** Null if it is of a form that we can't read. */
  subscription: Subscription | null
}

export interface ListedRefund {
  paymentId: string
  /** All that was refunded of the payment, also by other refunds. */
  refundedCents: number
}

export interface ListedDispute {
  paymentId: string
  dispute: ProviderDispute
}
