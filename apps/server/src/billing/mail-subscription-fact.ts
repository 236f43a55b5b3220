import { queueMail } from '../mail/index.ts'
import { User } from '../auth/index.ts'
import type { BillingScope } from './billing-scope.ts'
import type { Converged } from './converge-customer.ts'
import { Plan } from './plan.entity.ts'
import type { ProviderNotice } from './providers/payment-provider.ts'
import { queueCanceledMail } from './queue-canceled-mail.ts'

/** Queues the mail that an event is worth, if it is worth one: which mail comes from the event, what it says from the facts. */
export async function mailSubscriptionFact(
  scope: BillingScope,
  notice: ProviderNotice,
  { subscription, invoice }: Converged,
): Promise<void> {
  const { em } = scope
  if (notice.type === 'customer.subscription.deleted' && subscription.status === 'canceled') {
    return queueCanceledMail(scope, subscription)
  }

  const isPaid = notice.type === 'invoice.paid' || notice.type === 'invoice.payment_succeeded'
  if (!isPaid || invoice?.status !== 'succeeded' || invoice.reason !== 'subscription_create') return

  const user = await em.findOneOrFail(User, { id: subscription.user.id })
  const plan = await em.findOneOrFail(Plan, { id: subscription.plan.id })
  await queueMail(em, scope, {
    fact: `subscription-started:${invoice.id}`,
    to: user.email,
    template: 'subscription-started',
    props: {
      username: user.username,
      planName: plan.name,
      amountCents: invoice.amountCents,
      currency: invoice.currency,
      billingPeriod: subscription.billingPeriod,
      periodEnd: subscription.currentPeriodEnd.toISOString(),
      invoiceUrl: invoice.url,
    },
  })
}
