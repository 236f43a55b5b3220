import { newId } from '../../platform/database/ids.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { queueRefundedMail, queueRefundFailedMail } from '../mails/queue-refunded-mail.ts'
import { Payment } from '../payment.entity.ts'
import type { ProviderPayment } from '../providers/payment-provider.ts'
import { Refund } from '../refund.entity.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * What was refunded of a payment so far, as our row says; null for one that is not known yet, and at a provider that names
 * its refunds. One that belongs to no period, such as what was paid twice, may be paid back before it is known. That counts
 * as new.
 */
export async function refundedSoFar(
  { em, billing }: LockedScope,
  { invoice }: ProviderPayment,
): Promise<number | null> {
  if (billing.provider.capabilities.namedRefunds) return null
  const which = { provider: billing.provider.name, providerInvoiceId: invoice.id }
  const known = await em.findOne(Payment, which, { refresh: true })
  return known?.refundedCents ?? (invoice.reason === 'other' ? 0 : null)
}

/**
 * Queues the emails about refunds at a provider that gives refunds no names: what the refunded amount has grown or shrunk
 * by, in the transaction that writes it down. So each change gives one email, and none is repeated.
 *
 * A refund that an admin makes here at the same moment has its own email. What is undone has none, as at other providers.
 *
 * @param before from {@link refundedSoFar}.
 */
export async function mailUnnamedRefunds(
  locked: LockedScope,
  customer: LockedCustomer,
  { payment, before }: { payment: Payment; before: number | null },
): Promise<void> {
  if (before === null) return
  const change = payment.refundedCents - before
  if (change === 0 || !customer.isAccountOpen || (await isUndone(locked, payment))) return
  if (change < 0) return queueRefundFailedMail(locked, payment, { id: newId(), amountCents: -change })
  const asked = await locked.em.findOne(Refund, { payment: payment.id, status: 'requested' })
  const amountCents = change - (asked?.amountCents ?? 0)
  if (amountCents > 0) await queueRefundedMail(locked, payment, { id: newId(), amountCents })
}

async function isUndone({ em }: LockedScope, { subscription }: Payment): Promise<boolean> {
  return subscription ? (await em.count(Subscription, { id: subscription.id, reversedAt: { $ne: null } })) > 0 : false
}
