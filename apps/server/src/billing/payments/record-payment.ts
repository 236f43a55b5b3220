import type { EntityManager } from '@mikro-orm/postgresql'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { Dispute } from '../dispute.entity.ts'
import { Payment } from '../payment.entity.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import type { PaymentStatus, ProviderDispute, ProviderInvoice, ProviderPayment } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

const PAID: ReadonlySet<PaymentStatus> = new Set(['succeeded', 'partially_refunded', 'refunded', 'disputed'])
const FAILED: ReadonlySet<PaymentStatus> = new Set(['failed', 'uncollectible'])

/** Creates or updates an invoice's payment row, and those of its disputes, from the provider's answer. */
export async function recordPayment(
  { em, billing }: LockedScope,
  customer: LockedCustomer,
  { invoice, status, refundedCents, disputes }: ProviderPayment,
): Promise<Payment> {
  const provider = billing.provider.name
  const known = await em.findOne(Payment, { provider, providerInvoiceId: invoice.id }, { refresh: true })
  const subscription = invoice.subscriptionId
    ? await em.findOne(Subscription, { providerSubscriptionId: invoice.subscriptionId })
    : null
  const planName = known?.planName ?? (await planNameOf(em, invoice))
  const isPaid = PAID.has(status) && invoice.amountCents > 0
  if (isPaid && subscription) noteConversion(subscription, invoice.createdAt)
  const isRecovered = isPaid && known !== null && FAILED.has(known.status) && invoice.reason !== 'subscription_create'
  const columns = {
    subscription,
    providerPaymentId: invoice.paymentId,
    amountCents: invoice.amountCents,
    subtotalCents: invoice.subtotalCents,
    discountCents: invoice.discountCents,
    taxCents: invoice.taxCents,
    refundedCents,
    currency: invoice.currency,
    status,
    planName,
    invoiceUrl: invoice.url,
    invoicePdfUrl: invoice.pdfUrl,
    invoiceNumber: invoice.number,
    ...(isRecovered && { recoveredAt: await billing.time.now() }),
  }
  const payment = known
    ? em.assign(known, columns)
    : em.create(Payment, {
        ...columns,
        account: customer.account.id,
        provider,
        providerInvoiceId: invoice.id,
        createdAt: invoice.createdAt,
      })
  await em.flush()
  for (const dispute of disputes) await recordDispute(em, payment, dispute)
  return payment
}

async function recordDispute(
  em: LockedScope['em'],
  payment: Payment,
  { id: providerDisputeId, ...columns }: ProviderDispute,
): Promise<void> {
  const known = await em.findOne(Dispute, { providerDisputeId }, { refresh: true })
  if (known) em.assign(known, columns)
  else em.create(Dispute, { ...columns, providerDisputeId, payment: payment.id })
  await em.flush()
}

/** @returns null if the invoice charges for no plan of ours, as one that an operator writes. */
async function planNameOf(em: EntityManager, { priceIds }: ProviderInvoice): Promise<string | null> {
  if (priceIds.length === 0) return null
  const prices = await em.find(PlanPrice, { providerPriceId: { $in: [...priceIds] } }, { populate: ['plan'] })
  const name = (id: string) => prices.find(({ providerPriceId }) => providerPriceId === id)?.plan.$.name
  return priceIds.map(name).find((found) => found !== undefined) ?? null
}

/** The first paid invoice after a trial counts, in whatever order we learn of them. */
function noteConversion(subscription: Subscription, paidFor: Date): void {
  const { trialEnd, convertedAt } = subscription
  if (trialEnd && (!convertedAt || paidFor < convertedAt)) subscription.convertedAt = paidFor
}
