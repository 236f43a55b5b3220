import type { CallingScope } from '../billing-scope.ts'
import {
  PaymentDue,
  PaymentFailed,
  PaymentMethodRequired,
  PlanNotFound,
  PreviewStale,
  SamePlan,
} from '../billing.errors.ts'
import type { ChangeInput, SubscriptionView } from '../billing.schemas.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { PlanChange } from '../plan-change.entity.ts'
import { Plan } from '../plan.entity.ts'
import { ensurePlanPrice, type SellablePrice } from '../plans/ensure-plan-price.ts'
import { liveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'
import { viewSubscription } from '../subscriptions/view-subscription.ts'
import { claimPlanChange } from './claim-plan-change.ts'
import { judgeChange, type ChangeTiming } from './judge-change.ts'

/**
 * Moves the user's subscription to another plan on the card on file: an upgrade at once and for what the preview said,
 * anything else at the period's end. To the plan that there is, it drops a waiting change.
 *
 * What is asked for is stored before the provider is asked, so a repeat after a lost answer finishes the first try.
 *
 * @param input.prorationDate of a preview; without it, now.
 * @throws {PlanNotFound} {NoSubscription} {SamePlan} {PreviewStale} {PaymentMethodRequired} {PaymentFailed} and nothing
 *   has changed; what `judgeChange` throws. {PaymentProviderError}
 */
export async function changePlan(
  scope: CallingScope,
  { userId, planCode, prorationDate }: ChangeInput & { userId: string },
): Promise<SubscriptionView> {
  const { em } = scope
  const plan = await em.findOne(Plan, { code: planCode, status: { $ne: 'draft' } })
  if (!plan) throw new PlanNotFound()
  const seen = await liveSubscription(em, userId)
  const timing = judgeChange(seen, plan)
  if (timing !== 'none' && !plan.isActive()) throw new PlanNotFound()

  const price = await ensurePlanPrice(scope, plan)
  const claim = await claimPlanChange(scope, seen, { price, timing, prorationDate })
  const outcome = await underLock(scope, userId, (locked, customer) =>
    carryOut(locked, { customer, plan, price, claim, subscriptionId: seen.id }),
  )
  // The row that counts the tries is kept, so these are thrown only now.
  if (outcome instanceof Error) throw outcome
  return viewSubscription(scope, seen.id)
}

interface Task {
  customer: LockedCustomer
  plan: Plan
  price: SellablePrice
  claim: { changeId: string; isRepeat: boolean } | null
  subscriptionId: string
}

/** Under the lock, and on what the provider says at this moment. */
async function carryOut(scope: LockedScope, task: Task): Promise<Error | null> {
  const { em } = scope
  const { customer, plan, claim } = task
  const subscription = await refresh(scope, customer)
  if (subscription.id !== task.subscriptionId) return new PreviewStale()
  const timing = judgeChange(subscription, plan)
  const change = claim && (await em.findOneOrFail(PlanChange, { id: claim.changeId }, { refresh: true }))

  if (timing === 'none') {
    const isDone = claim?.isRepeat === true && subscription.scheduledPlan === null
    if (!isDone && !subscription.scheduledPlan) return new SamePlan()
    await scope.billing.provider.dropScheduledChange(providerIdOf(subscription))
    if (isDone) await scope.billing.provider.settleChange(providerIdOf(subscription))
    return finish(scope, customer, change, null)
  }
  if (!change) return new PreviewStale()
  const failure = await move(scope, { ...task, subscription, change }, timing)
  return finish(scope, customer, change, failure)
}

async function move(
  { billing }: LockedScope,
  { price, subscription, change }: Task & { subscription: LiveSubscription; change: PlanChange },
  timing: ChangeTiming,
): Promise<Error | null> {
  const { provider } = billing
  const { prorationDate, dueNowCents, creditCents } = change
  const isWithinPeriod =
    prorationDate >= subscription.currentPeriodStart && prorationDate <= subscription.currentPeriodEnd
  // Renewed since, or a trial has ended: what is due and from when is something else than what was shown.
  if (!isWithinPeriod) return new PreviewStale()

  const subscriptionId = providerIdOf(subscription)
  const terms = { key: change.key(), subscriptionId, priceId: price.providerPriceId }
  if (timing === 'at_period_end') {
    if (dueNowCents || creditCents) return new PreviewStale()
    await provider.scheduleChange(terms)
    return null
  }
  try {
    // One from before is a part of what is reckoned with now, and the note of it would be written over.
    await provider.settleChange(subscriptionId)
    const quote = await provider.previewChange({ ...terms, at: 'now', prorationDate })
    // Another price, balance or period than when it was looked at: nobody is charged what he was not shown.
    const isAsShown = quote.dueNowCents === dueNowCents && quote.creditCents === creditCents
    if (dueNowCents !== null && !isAsShown) return new PreviewStale()
    if (quote.dueNowCents > 0 && !quote.hasPaymentMethod) return new PaymentMethodRequired()
    await provider.changePlan({ ...terms, prorationDate, isTrial: quote.isTrial, restart: quote.restart })
    return null
  } catch (error) {
    if (error instanceof PaymentFailed || error instanceof PreviewStale || error instanceof PaymentDue) return error
    throw error
  }
}

/** The answer is known: a further try is another one, with a key of its own. */
async function finish(
  scope: LockedScope,
  customer: LockedCustomer,
  change: PlanChange | null,
  failure: Error | null,
): Promise<Error | null> {
  if (change) {
    change.attempts += 1
    change.startedAt = null
  }
  if (!failure) await refresh(scope, customer)
  return failure
}

async function refresh(scope: LockedScope, customer: LockedCustomer): Promise<LiveSubscription> {
  const { em } = scope
  const before = await liveSubscription(em, customer.user.id)
  await convergeCustomer(scope, customer, { kind: 'subscription', id: providerIdOf(before) })
  return liveSubscription(em, customer.user.id)
}

/** Grants have none, and were refused before. */
function providerIdOf({ providerSubscriptionId }: LiveSubscription): string {
  if (!providerSubscriptionId) throw new Error('A subscription without a provider can not be changed.')
  return providerSubscriptionId
}
