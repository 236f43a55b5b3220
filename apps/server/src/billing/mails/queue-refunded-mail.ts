import { readPayers } from '../../accounts/index.ts'
import { plainName, queueMails } from '../../mail/index.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { Payment } from '../payment.entity.ts'
import { mailTo, namesFor } from './queue-to-payers.ts'

/**
 * Queues the email about a refund that an operator made, here or at the provider, for everyone who gets the mails about
 * the account's billing.
 *
 * @param payment as it is after the refund.
 * @param refund.id the refund. Each recipient gets one email about it.
 * @param refund.isFull whether nothing is left of the payment; by default as the payment says.
 */
export async function queueRefundedMail(
  scope: BillingScope,
  payment: Payment,
  refund: { id: string; amountCents: number; isFull?: boolean },
): Promise<void> {
  const accountId = payment.account.id
  const timeZone = scope.billing.settings.timeZones.get(payment.provider)
  const { planName, currency, status, createdAt, invoiceNumber = null, invoiceUrl = null } = payment
  const about = {
    ...{ amountCents: refund.amountCents, currency, isFull: refund.isFull ?? status === 'refunded' },
    ...{ paidAt: createdAt.toISOString(), invoiceNumber, invoiceUrl },
  }
  const payers = (await readPayers(scope.em, [accountId])).get(accountId) ?? []
  const mails = payers.map((payer) => {
    const names = namesFor(payer, { accountId, planName: planName ?? '', timeZone })
    const paidFor = planName ? names.planName : payer.organization && plainName(payer.organization)
    const props = { ...names, planName: paidFor, ...about }
    return mailTo(payer, `payment-refunded:${refund.id}`, { template: 'payment-refunded', props })
  })
  await queueMails(runWithin(scope.em), scope, mails)
}
