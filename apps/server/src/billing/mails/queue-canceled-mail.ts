import { queueMail, type MailOfFact } from '../../mail/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { addresseeOf } from './queue-subscription-mail.ts'

/** Tells the owner that a subscription has ended; once, whether an event or the sweep found out first. */
export async function queueCanceledMail(scope: Scope, subscription: Subscription): Promise<void> {
  const addressee = await addresseeOf(scope, subscription)
  const endedAt = subscription.endedAt ?? subscription.currentPeriodEnd
  await queueMail(scope.em, scope, canceledMail({ ...addressee, subscriptionId: subscription.id, endedAt }))
}

interface Ended {
  subscriptionId: string
  username: string
  email: string
  planName: string
  endedAt: Date
}

export function canceledMail({ subscriptionId, username, email, planName, endedAt }: Ended): MailOfFact {
  return {
    fact: `subscription-canceled:${subscriptionId}`,
    to: email,
    template: 'subscription-canceled',
    props: { username, planName, endedAt: endedAt.toISOString() },
  }
}
