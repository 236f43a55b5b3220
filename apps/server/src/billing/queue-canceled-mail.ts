import { User } from '../auth/index.ts'
import { queueMail } from '../mail/index.ts'
import type { Scope } from '../platform/scope.ts'
import { Plan } from './plan.entity.ts'
import type { Subscription } from './subscription.entity.ts'

/** Tells the owner that a subscription has ended; once, whether an event or the sweep found out first. */
export async function queueCanceledMail(scope: Scope, subscription: Subscription): Promise<void> {
  const { em } = scope
  const user = await em.findOneOrFail(User, { id: subscription.user.id })
  const plan = await em.findOneOrFail(Plan, { id: subscription.plan.id })
  await queueMail(em, scope, {
    fact: `subscription-canceled:${subscription.id}`,
    to: user.email,
    template: 'subscription-canceled',
    props: {
      username: user.username,
      planName: plan.name,
      endedAt: (subscription.endedAt ?? subscription.currentPeriodEnd).toISOString(),
    },
  })
}
