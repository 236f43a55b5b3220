import { readPayers } from '../../accounts/index.ts'
import { plainName, queueMails, type MailContent, type RefundFailed } from '../../mail/index.ts'
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
  const isFull = refund.isFull ?? payment.status === 'refunded'
  await queue(scope, payment, refund, (props) => ({
    fact: `payment-refunded:${refund.id}`,
    content: { template: 'payment-refunded', props: { ...props, isFull } },
  }))
}

/** Queues the email that corrects the one about a refund: it has failed since, so the money did not leave. */
export async function queueRefundFailedMail(
  scope: BillingScope,
  payment: Payment,
  refund: { id: string; amountCents: number },
): Promise<void> {
  await queue(scope, payment, refund, (props) => ({
    fact: `payment-refund-failed:${refund.id}`,
    content: { template: 'payment-refund-failed', props },
  }))
}

async function queue(
  scope: BillingScope,
  payment: Payment,
  { amountCents }: { amountCents: number },
  write: (props: RefundFailed) => { fact: string; content: MailContent },
): Promise<void> {
  const accountId = payment.account.id
  const timeZone = scope.billing.settings.timeZones.get(payment.provider)
  const { planName, currency, createdAt, invoiceNumber = null, invoiceUrl = null } = payment
  const about = { amountCents, currency, paidAt: createdAt.toISOString(), invoiceNumber, invoiceUrl }
  const payers = (await readPayers(scope.em, [accountId])).get(accountId) ?? []
  const mails = payers.map((payer) => {
    const names = namesFor(payer, { accountId, planName: planName ?? '', timeZone })
    const paidFor = planName ? names.planName : payer.organization && plainName(payer.organization)
    const { fact, content } = write({ ...names, planName: paidFor, ...about })
    return mailTo(payer, fact, content)
  })
  await queueMails(runWithin(scope.em), scope, mails)
}
