import type { PaymentProvider, ProviderInvoice, ProviderSubscription } from '../providers/payment-provider.ts'

/** What the provider says of a subscription's money, as far as its row depends on it. */
export interface MoneyStanding {
  /** Of a past-due subscription, whose grace period counts from the oldest one. */
  openInvoices: readonly ProviderInvoice[]
  /** Whether the running period is paid, at least in part. Asked only while collection is paused. */
  isPeriodPaid: boolean
}

/** Must be called before the subscription's row is locked, because the provider may be slow. */
export async function fetchStanding(
  provider: PaymentProvider,
  { id, status, pausedCollection }: ProviderSubscription,
): Promise<MoneyStanding> {
  const isOverdue = status === 'past_due' || status === 'unpaid'
  const [openInvoices, isPeriodPaid] = await Promise.all([
    isOverdue ? provider.fetchInvoices(id, { onlyOpen: true }) : [],
    pausedCollection ? provider.isPeriodPaid(id) : true,
  ])
  return { openInvoices, isPeriodPaid }
}
