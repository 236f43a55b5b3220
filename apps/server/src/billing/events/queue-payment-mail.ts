import type { MailContent } from '../../mail/index.ts'
import { accessAtStake } from '../access/access-at-stake.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { DunningPolicy } from '../billing.settings.ts'
import type { Converged } from '../converge/converge-customer.ts'
import { startsAtOnce } from '../dunning/next-step.ts'
import { invoiceProps } from '../mails/plan-props.ts'
import { queueToPayers } from '../mails/queue-to-payers.ts'
import { Payment } from '../payment.entity.ts'
import type { ProviderInvoice, ProviderNews } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

type InvoiceNews = Extract<ProviderNews, 'paid' | 'payment-failed' | 'action-required'>

/**
 * Queues the mail about an invoice's payment: the first one, a renewal, a failure, or one that the user must confirm.
 */
export async function queuePaymentMail(scope: BillingScope, news: InvoiceNews, converged: Converged): Promise<void> {
  const { subscription, invoice } = converged
  const template = await templateFor(scope, news, converged)
  if (!template || !invoice) return

  const accessUntil = await accessAtStake(scope, subscription)
  await queueToPayers(scope, subscription, `${template}:${invoice.id}`, (names) => ({
    template,
    props: { ...names, ...invoiceProps(subscription, invoice), accessUntil },
  }))
}

async function isFirstPayment(
  em: BillingScope['em'],
  { id }: Subscription,
  { id: providerInvoiceId }: ProviderInvoice,
): Promise<boolean> {
  return (await em.count(Payment, { subscription: id, providerInvoiceId: { $ne: providerInvoiceId } })) === 0
}

type InvoiceTemplate = Exclude<
  Extract<MailContent, { props: { invoiceUrl: string | null; priceCents: number } }>['template'],
  'payment-reminder'
>

async function templateFor(
  { em, billing }: BillingScope,
  news: InvoiceNews,
  { subscription, fetched, invoice, payments }: Converged,
): Promise<InvoiceTemplate | null> {
  const status = payments.find((payment) => payment.invoice.id === invoice?.id)?.status
  // Another subscription has taken its place, so it need not be paid any more.
  if (subscription.supersededAt && news !== 'paid') return null
  if (news !== 'paid' && !isMailed(billing.settings.dunning, invoice)) return null
  if (news === 'payment-failed') return status === 'failed' ? 'payment-failed' : null
  if (news === 'action-required') return status === 'requires_action' ? 'payment-action-required' : null
  if (invoice?.status !== 'paid') return null
  if (invoice.reason === 'subscription_cycle') {
    // What was bought to begin later is first paid by what is a renewal at the provider.
    if (fetched.laterStart && (await isFirstPayment(em, subscription, invoice))) return 'subscription-started'
    return subscription.priceCents > 0 ? 'subscription-renewed' : null
  }
  if (invoice.reason !== 'subscription_create') return null

  // It has replaced another subscription, so the user got the mail about the changed plan.
  const replaced = fetched.upgradeFrom
    ? await em.count(Subscription, { providerSubscriptionId: fetched.upgradeFrom, supersededAt: { $ne: null } })
    : 0
  return replaced > 0 ? null : 'subscription-started'
}

/** Whether a failed payment is mailed about at once. A first payment is no renewal, so the steps say nothing of it. */
function isMailed(dunning: DunningPolicy | null, invoice: ProviderInvoice | null): boolean {
  return dunning !== null && (startsAtOnce(dunning) || invoice?.reason === 'subscription_create')
}
