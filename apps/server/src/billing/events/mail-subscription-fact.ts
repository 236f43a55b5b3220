import type { BillingScope } from '../billing-scope.ts'
import type { Converged } from '../converge/converge-customer.ts'
import { queueCanceledMail } from '../mails/queue-canceled-mail.ts'
import { queuePlanChangedMail } from '../mails/queue-plan-changed-mail.ts'
import { queueSubscriptionMail } from '../mails/queue-subscription-mail.ts'
import type { ProviderNotice } from '../providers/payment-provider.ts'
import { queuePaymentMail } from './queue-payment-mail.ts'

/**
 * Queues the mail that an event is worth, if it is worth one. Which mail comes from the event, what it says from the
 * facts; a mail that the facts have overtaken (a failed payment that was made meanwhile) is not sent any more.
 */
export async function mailSubscriptionFact(
  scope: BillingScope,
  { id, type, previous }: ProviderNotice,
  converged: Converged,
): Promise<void> {
  const { subscription, truth } = converged
  // Undone before it began.
  if (subscription.reversedAt) return

  switch (type) {
    case 'customer.subscription.deleted':
      // Where another one has taken its place, its owner was told of that.
      if (subscription.status === 'canceled' && !subscription.supersededAt) await queueCanceledMail(scope, subscription)
      return
    case 'customer.subscription.trial_will_end':
      if (truth.status === 'trialing' && !truth.cancelAtPeriodEnd && truth.trialEnd) {
        await queueSubscriptionMail(scope, subscription, 'trial-ending', truth.trialEnd)
      }
      return
    case 'customer.subscription.updated':
      if (previous.isCancellation && truth.cancelAtPeriodEnd) {
        await queueSubscriptionMail(
          scope,
          subscription,
          'subscription-will-cancel',
          truth.canceledAt ?? truth.startedAt,
        )
      }
      if (previous.priceId && truth.status !== 'canceled') await queuePlanChangedMail(scope, subscription, id)
      return
    case 'invoice.paid':
    case 'invoice.payment_succeeded':
    case 'invoice.payment_failed':
    case 'invoice.payment_action_required':
      await queuePaymentMail(scope, type, converged)
  }
}
