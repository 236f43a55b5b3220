import { isDeepStrictEqual } from 'node:util'
import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanCodeTaken } from '../billing.errors.ts'
import { SyncPlan } from '../billing.queues.ts'
import type { CreatePlanInput, PlanView } from '../billing.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { checkAmount } from './check-amount.ts'
import { ensurePlanPrice } from './ensure-plan-price.ts'
import { planView, seatsOfPlan } from './plan-view.ts'
import { requireSeatPrices } from './require-seat-prices.ts'
import { pricedSeats, seatColumns } from './seat-terms.ts'
import { trySyncPlan } from './sync-plan.ts'

/**
 * Creates a plan in three steps: an invisible draft, the product and price at the provider, then the active plan.
 *
 * If a step fails, the draft stays, and a repeat finishes it, even with different terms. If several admins create
 * the same code at once, only one gets the plan.
 *
 * @throws {PlanCodeTaken}
 * @throws {ProviderUnsupported} if the plan's provider is not configured, or can't charge per member
 * @throws {InvalidInput} for a currency that the provider does not accept, or an amount that the currency does not have
 * @throws {PaymentProviderError}
 */
export async function createPlan(caller: CallingScope, actor: AuditActor, input: CreatePlanInput): Promise<PlanView> {
  checkAmount({ ...input, perSeatCents: input.seats?.perSeatCents })
  requireSeatPrices(input.provider, input.seats?.perSeatCents)
  const scope = atProvider(caller, input.provider)
  const { plan, isRepeat } = await draftPlan(scope, input)
  const { productId, providerPriceId: priceId } = await ensurePlanPrice(scope, plan)
  if (isRepeat) {
    const offer = { planId: plan.id, productId, name: input.name, isActive: true, priceId }
    await scope.billing.provider.syncPlan({ ...offer, formerPriceIds: [] })
  }
  const view = await publish(scope, actor, { planId: plan.id, input })
  if (view) return view

  // Another admin was first. The provider must not sell the price that we created beside theirs.
  await trySyncPlan(scope, { planId: plan.id })
  throw new PlanCodeTaken()
}

async function draftPlan(
  { em, clock }: CallingScope,
  input: CreatePlanInput,
): Promise<{ plan: Plan; isRepeat: boolean }> {
  const { seats, ...terms } = input
  const { code, name, description, sortOrder, highlighted, provider, features } = terms
  const { priceCents, currency, billingPeriod, tier, trialDays } = terms
  const limits = seatsOfPlan(seats)
  const { includedSeats, perSeatCents, maxSeats } = limits
  const id = newId()
  const now = clock.now()
  return em.transactional(async (em) => {
    await em.execute(
      `insert into plans
         (id, code, name, description, sort_order, highlighted, price_cents, currency, billing_period, tier, trial_days,
          included_seats, per_seat_cents, max_seats, features, provider, status, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?) on conflict (code) do nothing`,
      [
        ...[id, code, name, description, sortOrder, highlighted, priceCents, currency, billingPeriod, tier, trialDays],
        ...[includedSeats, perSeatCents, maxSeats, JSON.stringify(features), provider, now, now],
      ],
    )
    const plan = await em.findOneOrFail(Plan, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (plan.id === id) return { plan, isRepeat: false }
    if (plan.status !== 'draft') throw new PlanCodeTaken()

    const isMoved = plan.provider !== provider
    em.assign(plan, { ...terms, ...limits, ...(isMoved && { providerProductId: null }) })
    // A price from an earlier attempt with other terms was never sold. SyncPlan archives it at the provider.
    const priced = seatColumns(pricedSeats(seats))
    await em.execute(
      `delete from plan_prices where plan_id = ?
         and (? or (price_cents, currency, billing_period, included_seats, per_seat_cents)
           is distinct from (?::int, ?::text, ?::text, ?::int, ?::int))`,
      [plan.id, isMoved, priceCents, currency, billingPeriod, priced.includedSeats, priced.perSeatCents],
    )
    return { plan, isRepeat: true }
  })
}

/** @returns null when another call has finished the draft or changed its terms. */
async function publish(
  { em, jobs, clock }: CallingScope,
  actor: AuditActor,
  { planId, input }: { planId: string; input: CreatePlanInput },
): Promise<PlanView | null> {
  return em.transactional(async (em) => {
    const plan = await em.findOneOrFail(Plan, { id: planId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    const present = planView(plan)
    const isUnchanged =
      plan.status === 'draft' &&
      Object.entries(input).every(([term, value]) => isDeepStrictEqual(Reflect.get(present, term), value))
    if (!isUnchanged) return null

    plan.status = 'active'
    const view = planView(plan)
    recordAudit({ em, clock }, actor, {
      action: 'plan.create',
      targetType: 'plan',
      targetId: planId,
      before: null,
      after: view,
    })
    await jobs.send(em, SyncPlan, { planId })
    return view
  })
}
