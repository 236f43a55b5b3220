import type { Loaded } from '@mikro-orm/core'
import { DomainError, InvalidInput } from '../../platform/errors/errors.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'
import { withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { NoSubscription, PaymentProviderError, PreviewStale, SamePlan } from '../billing.errors.ts'
import { changePlan } from '../changes/change-plan.ts'
import type { PlanMove } from '../plan-move.entity.ts'
import type { ProviderName } from '../provider.schemas.ts'
import { Subscription } from '../subscription.entity.ts'

export type OpenMove = Loaded<PlanMove, 'price' | 'price.plan'>

/** Who collects the price of a move. */
export const providerOf = ({ price }: OpenMove): ProviderName => price.$.provider ?? price.$.plan.$.provider

/** What became of one subscriber: the reason of the contract if they stay. */
export type MoveOutcome = { status: 'done'; reason: null } | { status: 'refused'; reason: string }

/**
 * Moves one subscriber, as their own change of plan does. Who has the plan already counts as moved, so this can be
 * repeated after a crash at any line.
 *
 * @throws {PaymentProviderError} if the outcome is not known, or a repeat may succeed.
 * @throws {Busy}
 */
export async function moveOne(scope: BillingScope, move: OpenMove, subscriptionId: string): Promise<MoveOutcome> {
  try {
    await changeListed(scope, move, subscriptionId).catch(async (error: unknown) => {
      // It was renewed between our look and the change, or an earlier try began in another period: look again, once.
      if (!(error instanceof PreviewStale)) throw error
      await changeListed({ ...scope, em: scope.em.fork() }, move, subscriptionId)
    })
    return { status: 'done', reason: null }
  } catch (error) {
    if (error instanceof SamePlan) return { status: 'done', reason: null }
    if (!(error instanceof DomainError) || error instanceof Busy) throw error
    if (error instanceof PaymentProviderError && !error.isRefusal()) throw error
    return { status: 'refused', reason: error.reason }
  }
}

async function changeListed(
  scope: BillingScope,
  { price, fromPlan, at, actorId = null }: OpenMove,
  subscriptionId: string,
): Promise<void> {
  const { em } = scope
  const subscription = await em.findOne(Subscription, { id: subscriptionId })
  if (!subscription?.isLive()) throw new NoSubscription()
  await changePlan(withTimeBudget(scope), {
    accountId: subscription.account.id,
    planCode: price.$.plan.$.code,
    ...{ billingPeriod: price.$.billingPeriod, currency: price.$.currency },
    ordered: { at, listed: { subscriptionId, fromPlanId: fromPlan.id, priceId: price.id } },
    actor: { actorId, requestId: null, ip: null },
  }).catch((error: unknown) => {
    // The plan is no longer sold for this period in this currency.
    throw error instanceof InvalidInput ? new PreviewStale() : error
  })
}
