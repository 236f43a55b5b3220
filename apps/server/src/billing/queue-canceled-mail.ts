import { queueMail } from '../mail/index.ts'
import type { Scope } from '../platform/scope.ts'
import { addresseeOf } from './queue-subscription-mail.ts'
import type { Subscription } from './subscription.entity.ts'

/** Tells the owner that a subscription has ended; once, whether an event or the sweep found out first. */
export async function queueCanceledMail(scope: Scope, subscription: Subscription): Promise<void> {
  const { username, email, planName } = await addresseeOf(scope, subscription)
  await queueMail(scope.em, scope, {
    fact: `subscription-canceled:${subscription.id}`,
    to: email,
    template: 'subscription-canceled',
    props: { username, planName, endedAt: (subscription.endedAt ?? subscription.currentPeriodEnd).toISOString() },
  })
}
