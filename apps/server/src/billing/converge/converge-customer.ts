import type { EntityManager } from '@mikro-orm/postgresql'
import { CancelSuperseded, ReturnLatePayment, ReverseSubscription, SettleChange } from '../billing.queues.ts'
import { Checkout } from '../checkout.entity.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import { recordPayment } from '../payments/record-payment.ts'
import type {
  PaymentProvider,
  ProviderInvoice,
  ProviderNotice,
  ProviderPayment,
  ProviderSubscription,
} from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { convergeSubscription } from './converge-subscription.ts'

/** What came out for the subscription concerned: its row, and what the provider said of it. */
export interface Converged {
  subscription: Subscription
  truth: ProviderSubscription
  /** The invoice that the notice was about, else the subscription's latest. */
  invoice: ProviderInvoice | null
  payments: readonly ProviderPayment[]
}

type About = Pick<ProviderNotice, 'subject'> & Partial<Pick<ProviderNotice, 'subscriptionHint'>>

/**
 * Asks the provider for the object that changed and all that hangs on it, and makes our rows say the same. Everything is
 * asked under the lock, so nothing older overwrites something newer.
 *
 * @returns null when no subscription of ours is concerned.
 */
export async function convergeCustomer(
  locked: LockedScope,
  customer: LockedCustomer,
  notice: About,
): Promise<Converged | null> {
  const { em, jobs } = locked
  const { provider } = locked.billing
  const { checkout, named, truth } = await fetchTruth(provider, customer, notice)
  if (checkout && checkout.status !== 'open') {
    await em.nativeUpdate(
      Checkout,
      { providerSessionId: checkout.id, customer: customer.id },
      { status: checkout.status },
    )
  }

  const invoices = await ownInvoices(em, customer, [named, truth?.latestInvoice ?? null])
  const isOverdue = truth?.status === 'past_due' || truth?.status === 'unpaid'
  const [payments, openInvoices] = await Promise.all([
    provider.fetchPayments(invoices),
    isOverdue ? provider.fetchInvoices(truth.id, { onlyOpen: true }) : [],
  ])
  const subscription = truth ? await convergeSubscription(locked, customer, truth, openInvoices) : null
  for (const payment of payments) {
    const isLate = await isTooLate(em, customer, payment)
    const { id: paymentId } = await recordPayment(locked, customer, payment)
    if (isLate) await jobs.send(em, ReturnLatePayment, { paymentId })
  }

  // A reversed one that is paid after all (a bank debit takes days) is paid back, too.
  if (subscription?.reversedAt && payments.some(({ status }) => status === 'succeeded')) {
    await jobs.send(em, ReverseSubscription, { subscriptionId: subscription.id })
  }
  // Whoever has changed it had no answer: what he was promised is his all the same.
  if (truth?.isOwedCredit && subscription) await jobs.send(em, SettleChange, { subscriptionId: subscription.id })
  // Paid back or disputed after its unused time was credited, or a dispute was won: the credit is put right.
  if (subscription?.supersededAt && !subscription.reversedAt && payments.some(isSettled)) {
    await jobs.send(em, CancelSuperseded, { subscriptionId: subscription.id }, { singletonKey: subscription.id })
  }
  return truth && subscription ? { subscription, truth, payments, invoice: named ?? truth.latestInvoice } : null
}

/** Whether a renewal was collected for an account that is closed by now, and nobody had heard of it before. */
async function isTooLate(
  em: EntityManager,
  customer: LockedCustomer,
  { invoice, status }: ProviderPayment,
): Promise<boolean> {
  const isRenewal = invoice.reason === 'subscription_cycle' && status === 'succeeded'
  if (!isRenewal || customer.user.$.isActive) return false
  return (await em.count(Payment, { providerInvoiceId: invoice.id, status: { $in: PAID } })) === 0
}

const PAID = ['succeeded', 'partially_refunded', 'refunded', 'disputed'] as const

const isSettled = ({ invoice }: ProviderPayment): boolean => invoice.status === 'paid'

async function fetchTruth(
  provider: PaymentProvider,
  customer: LockedCustomer,
  { subject, subscriptionHint }: About,
): Promise<{
  checkout: Awaited<ReturnType<PaymentProvider['fetchCheckout']>>
  named: ProviderInvoice | null
  truth: ProviderSubscription | null
}> {
  const [checkout, named, hinted] = await Promise.all([
    subject?.kind === 'checkout' ? provider.fetchCheckout(subject.id) : null,
    subject?.kind === 'invoice' ? provider.fetchInvoice(subject.id) : null,
    subscriptionHint ? provider.fetchSubscription(subscriptionHint) : null,
  ])
  const id = subject?.kind === 'subscription' ? subject.id : (checkout ?? named)?.subscriptionId
  const found = id && id !== hinted?.id ? await provider.fetchSubscription(id) : hinted
  // An id from an event proves nothing: only what belongs to the locked customer may touch his rows.
  const isOwn = found?.id === id && found?.customerId === customer.providerCustomerId
  return { checkout, named, truth: isOwn ? found : null }
}

/** Those of this customer, each once; also one that he paid as a customer whom the provider has deleted since. */
async function ownInvoices(
  em: EntityManager,
  customer: LockedCustomer,
  invoices: readonly (ProviderInvoice | null)[],
): Promise<ProviderInvoice[]> {
  const own = new Map<string, ProviderInvoice>()
  for (const invoice of invoices) {
    if (!invoice || own.has(invoice.id)) continue
    const isOwn =
      invoice.customerId === customer.providerCustomerId ||
      (await em.count(Payment, { providerInvoiceId: invoice.id, user: customer.user.id })) > 0
    if (isOwn) own.set(invoice.id, invoice)
  }
  return [...own.values()]
}
