import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { HOUR, SECOND } from '../../platform/durations.ts'
import type { CallingScope } from '../billing-scope.ts'
import { PaymentMethodRequired, PlanNotFound, SamePlan } from '../billing.errors.ts'
import type { ChangePreview } from '../billing.schemas.ts'
import { PlanChange } from '../plan-change.entity.ts'
import { Plan } from '../plan.entity.ts'
import { ensurePlanPrice } from '../plans/ensure-plan-price.ts'
import { liveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'
import { judgeChange } from './judge-change.ts'

/**
 * What a move to another plan would cost now, by the provider's own reckoning. It is remembered, and for ten minutes
 * the change can be had for exactly this.
 *
 * @throws {PlanNotFound} {NoSubscription} {SamePlan} and what `judgeChange` throws. {PaymentMethodRequired} {PaymentProviderError}
 */
export async function previewChange(
  scope: CallingScope,
  { userId, planCode }: { userId: string; planCode: string },
): Promise<ChangePreview> {
  const { em, clock, billing } = scope
  const plan = await em.findOne(Plan, { code: planCode, status: { $ne: 'draft' } })
  if (!plan) throw new PlanNotFound()
  const subscription = await liveSubscription(em, userId)
  const timing = judgeChange(subscription, plan)
  if (timing === 'none' && !subscription.scheduledPlan) throw new SamePlan()
  if (timing !== 'none' && !plan.isActive()) throw new PlanNotFound()

  const prorationDate = prorationMoment(await billing.time.now(), subscription)
  const price = await ensurePlanPrice(scope, plan)
  const quote = await billing.provider.previewChange({
    subscriptionId: subscription.providerSubscriptionId ?? '',
    at: timing === 'at_once' ? 'now' : 'period_end',
    priceId: price.providerPriceId,
    prorationDate,
  })
  const { dueNowCents, creditCents, balanceCents, currency, nextPaymentAt } = quote
  if (dueNowCents > 0 && !quote.hasPaymentMethod) throw new PaymentMethodRequired()

  await em.nativeDelete(PlanChange, {
    subscription: subscription.id,
    startedAt: null,
    createdAt: { $lt: after(clock.now(), -HOUR) },
  })
  await em.insert(PlanChange, {
    id: newId(),
    subscription: subscription.id,
    price: price.id,
    prorationDate,
    dueNowCents,
    creditCents,
    createdAt: clock.now(),
  })
  const nextPrice = timing === 'none' ? subscription.priceCents : price.priceCents
  return {
    dueNowCents,
    creditCents,
    currency,
    nextPaymentCents: Math.max(0, nextPrice + balanceCents),
    nextPaymentAt,
    prorationDate,
    takesEffectAt: timing === 'at_period_end' ? nextPaymentAt : prorationDate,
  }
}

/** The provider reckons in whole seconds, and only within the running period. */
export function prorationMoment(now: Date, { currentPeriodStart, currentPeriodEnd }: LiveSubscription): Date {
  const whole = Math.floor(now.getTime() / SECOND) * SECOND
  return new Date(Math.min(Math.max(whole, currentPeriodStart.getTime()), currentPeriodEnd.getTime()))
}
