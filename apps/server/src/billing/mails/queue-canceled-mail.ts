import { queueMail, type MailOfFact } from '../../mail/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { recipientOf } from './plan-props.ts'

/** Queues the email about the end of a subscription. It is sent once, even if both an event and the sweep queue it. */
export async function queueCanceledMail(scope: Scope, subscription: Subscription): Promise<void> {
  const recipient = await recipientOf(scope, subscription)
  const endedAt = subscription.endedAt ?? subscription.currentPeriodEnd
  await queueMail(scope.em, scope, canceledMail({ ...recipient, subscriptionId: subscription.id, endedAt }))
}

interface EndedSubscription {
  subscriptionId: string
  username: string
  email: string
  planName: string
  endedAt: Date
}

export function canceledMail({ subscriptionId, username, email, planName, endedAt }: EndedSubscription): MailOfFact {
  return {
    fact: `subscription-canceled:${subscriptionId}`,
    to: email,
    template: 'subscription-canceled',
    props: { username, planName, endedAt: endedAt.toISOString() },
  }
}
