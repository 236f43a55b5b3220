import type { BillingScope } from '../billing-scope.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { forgetCustomer } from '../converge/forget-customer.ts'
import { lockCustomer, lockProviderCustomer, type LockedCustomer } from '../customers/lock-customer.ts'
import { Payment } from '../payment.entity.ts'
import { convergeCatalogue } from '../plans/converge-catalogue.ts'
import type { ProviderNotice, ProviderSubject } from '../providers/payment-provider.ts'
import { mailSubscriptionFact } from './mail-subscription-fact.ts'

/**
 * Does what a notice of the provider asks for, as part of the transaction.
 *
 * @returns false when it is about nothing of ours.
 */
export async function followNotice(scope: BillingScope, notice: ProviderNotice): Promise<boolean> {
  const { subject } = notice
  if (!subject) return false
  switch (subject.kind) {
    case 'product':
    case 'price':
      return convergeCatalogue(scope, { kind: subject.kind, id: subject.id })
    case 'customer':
      return forgetCustomer(scope, { providerCustomerId: subject.id })
    case 'payment':
      return followPayment(scope, notice, subject)
    default:
      return followSubscription(scope, notice, notice.customerId)
  }
}

async function followSubscription(
  scope: BillingScope,
  notice: ProviderNotice,
  providerCustomerId: string | null,
): Promise<boolean> {
  const customer = providerCustomerId ? await lockProviderCustomer(scope.em, providerCustomerId) : null
  if (!customer) return false
  await converge(scope, customer, notice)
  return true
}

async function converge(scope: BillingScope, customer: LockedCustomer, notice: ProviderNotice): Promise<void> {
  const converged = await convergeCustomer(scope, customer, notice)
  if (converged) await mailSubscriptionFact(scope, notice, converged)
}

/** Charges, refunds and disputes name no invoice and some no customer; both are found through the payment. */
async function followPayment(scope: BillingScope, notice: ProviderNotice, payment: ProviderSubject): Promise<boolean> {
  const { em, billing } = scope
  const known = await em.findOne(Payment, { provider: 'stripe', providerPaymentId: payment.id })
  const found = known ? null : await billing.provider.findInvoice(payment.id)
  const invoiceId = known?.providerInvoiceId ?? found?.invoiceId
  if (!invoiceId) return false

  const aboutInvoice: ProviderNotice = { ...notice, subject: { kind: 'invoice', id: invoiceId } }
  if (!known) return followSubscription(scope, aboutInvoice, found?.customerId ?? null)
  const customer = await lockCustomer(scope, { userId: known.user.id })
  await em.refresh(known)
  await converge(scope, customer, aboutInvoice)
  return true
}
