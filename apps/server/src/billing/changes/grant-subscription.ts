import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { Account, AccountNotFound, AccountNotOpen } from '../../accounts/index.ts'
import { UserNotFound } from '../../auth/index.ts'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import type { BillingScope } from '../billing-scope.ts'
import { AlreadySubscribed, PlanNotFound } from '../billing.errors.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { underLock } from '../customers/under-lock.ts'
import { Plan } from '../plan.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { toSubscriptionView } from '../subscriptions/subscription-view.ts'
import type { GrantSubscriptionInput } from '../support.schemas.ts'

/**
 * Gives an account a plan for free, until a moment of billing time. A grant never renews, and it ends when the account
 * pays for a subscription. A user's id means the personal account.
 *
 * @throws {UserNotFound} if there is no user with this `userId`.
 * @throws {AccountNotFound} if there is no account with this `accountId`, or it was deleted.
 * @throws {AccountNotOpen} if the account is closed.
 * @throws {PlanNotFound} if the plan is unknown or retired.
 * @throws {AlreadySubscribed}
 * @throws {InvalidInput} for a moment in the past.
 */
export async function grantSubscription(
  scope: BillingScope,
  actor: AuditActor,
  { planCode, until, ...of }: GrantSubscriptionInput,
): Promise<SubscriptionView> {
  const { em, clock, billing } = scope
  const billingNow = await billing.time.now()
  if (until <= billingNow) throw new InvalidInput({ until: 'must be in the future' })
  const named = of.accountId ? { id: of.accountId } : { id: of.userId, kind: 'personal' as const }
  const account = await em.findOne(Account, { ...named, closedAt: null })
  if (!account) throw of.accountId ? new AccountNotFound() : new UserNotFound()
  const accountId = account.id
  const plan = await em.findOne(Plan, { code: planCode, status: 'active' })
  if (!plan) throw new PlanNotFound()

  return underLock(scope, accountId, async ({ em }, { isAccountOpen }) => {
    if (!isAccountOpen) throw new AccountNotOpen()
    const live = await em.count(Subscription, liveOf(accountId))
    if (live > 0) throw isSubscribed()

    const wallNow = clock.now()
    const { currency, billingPeriod } = plan
    const terms = { plan: plan.id, priceCents: 0, currency, billingPeriod }
    const period = { startedAt: billingNow, currentPeriodStart: billingNow, currentPeriodEnd: until }
    const granted = em.create(Subscription, {
      ...{ account: accountId, provider: 'manual', status: 'active', ...terms, ...period },
      ...{ createdAt: wallNow, updatedAt: wallNow },
    })
    await em.flush()
    const loaded = await em.populate(granted, ['plan', 'scheduledPlan'])
    const view = toSubscriptionView(loaded, billingNow, billing.settings)
    recordAudit({ em, clock }, actor, {
      ...{ action: 'subscription.grant', targetType: 'subscription', targetId: granted.id },
      ...{ before: null, after: { ...of, planCode, until } },
    })
    return view
  }).catch((error: unknown) => {
    throw error instanceof UniqueConstraintViolationException ? isSubscribed() : error
  })
}

const isSubscribed = () => new AlreadySubscribed('This account already has a subscription.')
