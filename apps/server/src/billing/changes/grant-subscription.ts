import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { User, UserNotFound } from '../../auth/index.ts'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import type { BillingScope } from '../billing-scope.ts'
import { AlreadySubscribed, PlanNotFound } from '../billing.errors.ts'
import type { GrantSubscriptionInput, SubscriptionView } from '../billing.schemas.ts'
import { underLock } from '../customers/under-lock.ts'
import { Plan } from '../plan.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { toSubscriptionView } from '../subscriptions/subscription-view.ts'

/**
 * Gives a user a plan for free, until a moment of billing time. A grant never renews, and it ends when the user pays
 * for a subscription.
 *
 * @throws {UserNotFound}
 * @throws {PlanNotFound} if the plan is unknown or retired.
 * @throws {AlreadySubscribed}
 * @throws {InvalidInput} for a moment in the past.
 */
export async function grantSubscription(
  scope: BillingScope,
  actor: AuditActor,
  { userId, planCode, until }: GrantSubscriptionInput,
): Promise<SubscriptionView> {
  const { em, clock, billing } = scope
  const billingNow = await billing.time.now()
  if (until <= billingNow) throw new InvalidInput({ until: 'must be in the future' })
  if ((await em.count(User, { id: userId })) === 0) throw new UserNotFound()
  const plan = await em.findOne(Plan, { code: planCode, status: 'active' })
  if (!plan) throw new PlanNotFound()

  return underLock(scope, userId, async ({ em }) => {
    const live = await em.count(Subscription, liveOf(userId))
    if (live > 0) throw isSubscribed()

    const wallNow = clock.now()
    const { currency, billingPeriod } = plan
    const terms = { plan: plan.id, priceCents: 0, currency, billingPeriod }
    const period = { startedAt: billingNow, currentPeriodStart: billingNow, currentPeriodEnd: until }
    const granted = em.create(Subscription, {
      ...{ user: userId, provider: 'manual', status: 'active', ...terms, ...period },
      ...{ createdAt: wallNow, updatedAt: wallNow },
    })
    await em.flush()
    const loaded = await em.populate(granted, ['plan', 'scheduledPlan'])
    const view = toSubscriptionView(loaded, billingNow, billing.settings)
    recordAudit({ em, clock }, actor, {
      ...{ action: 'subscription.grant', targetType: 'subscription', targetId: granted.id },
      ...{ before: null, after: { userId, planCode, until } },
    })
    return view
  }).catch((error: unknown) => {
    throw error instanceof UniqueConstraintViolationException ? isSubscribed() : error
  })
}

const isSubscribed = () => new AlreadySubscribed('This user already has a subscription.')
