import { isDeepStrictEqual } from 'node:util'
import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanCodeTaken } from '../billing.errors.ts'
import { SyncPlan } from '../billing.queues.ts'
import type { CreatePlanInput, PlanView } from '../billing.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { DEFAULT_PROVIDER } from '../provider.schemas.ts'
import { ensureOverage } from './ensure-overage.ts'
import { ensurePlanPrice } from './ensure-plan-price.ts'
import { checkOffers, offersAfter } from './offers-after.ts'
import { requireMetering } from './plan-overage.ts'
import { planView, seatsOfPlan } from './plan-view.ts'
import { soldFor } from './price-terms.ts'
import { requireKnownTier, type Ranks } from './require-known-tier.ts'
import { pricedSeats, seatColumns } from './seat-terms.ts'
import { trySyncPlan } from './sync-plan.ts'

/**
 * Creates a plan in three steps: an invisible draft, the product and price at the provider, then the active plan.
 *
 * If a step fails, the draft stays, and a repeat finishes it, even with different terms. If several admins create
 * the same code at once, only one gets the plan.
 *
 * @param ranks of the tiers of a plans file.
 * @throws {PlanCodeTaken}
 * @throws {ProviderUnsupported} if the plan's provider is not configured, or can't charge per member
 * @throws {InvalidInput} for an unknown tier, a currency that the provider does not accept, an amount that the currency
 *   does not have, or prices that can't be sold beside each other
 * @throws {PaymentProviderError}
 */
export async function createPlan(
  caller: CallingScope,
  actor: AuditActor,
  input: CreatePlanInput,
  ranks: Ranks = {},
): Promise<PlanView> {
  const terms = newTerms(input)
  const scope = atProvider(caller, terms.provider)
  for (const { provider } of terms.prices) atProvider(caller, provider) // throws for one that is not configured
  const tierRank = await requireKnownTier(scope.em, input.tier, ranks)
  const { plan, isRepeat } = await draftPlan(scope, terms, tierRank)
  const { productId, providerPriceId } = await ensurePlanPrice(scope, plan)
  const priceIds = [providerPriceId]
  for (const offer of plan.furtherPrices) {
    const price = await ensurePlanPrice(scope, plan, offer)
    if (offer.provider === terms.provider) priceIds.push(price.providerPriceId)
  }
  for (const offer of plan.offers()) await ensureOverage(scope, plan, offer)
  if (isRepeat) {
    const offer = { planId: plan.id, productId, name: input.name, isActive: true, priceIds }
    await scope.billing.provider.syncPlan({ ...offer, formerPriceIds: [] })
  }
  const view = await publish(scope, actor, { planId: plan.id, terms })
  if (view) return view

  // Another admin was first. The provider must not sell the price that we created beside theirs.
  await trySyncPlan(scope, { planId: plan.id })
  throw new PlanCodeTaken()
}

/** The terms of a new plan, in full. */
type NewTerms = Omit<CreatePlanInput, 'prices' | 'priceCents' | 'currency' | 'billingPeriod' | 'provider'> &
  Pick<PlanView, 'prices' | 'priceCents' | 'currency' | 'billingPeriod' | 'provider'>

function newTerms({ prices, priceCents = 0, billingPeriod = 'monthly', ...input }: CreatePlanInput): NewTerms {
  const { currency = 'usd', provider = prices?.[0]?.provider ?? DEFAULT_PROVIDER } = input
  const first = { billingPeriod, currency, priceCents, perSeatCents: input.seats?.perSeatCents ?? null, provider }
  const sold = offersAfter({ offers: [first], seats: input.seats }, { prices, seats: input.seats })
  checkOffers(sold, { isListed: prices !== undefined })
  requireMetering(sold.offers, input.features)
  const [{ perSeatCents: _, ...terms }] = sold.offers
  return { ...input, ...terms, prices: [...sold.offers], seats: sold.seats }
}

async function draftPlan(
  { em, clock }: CallingScope,
  input: NewTerms,
  tierRank: number | null,
): Promise<{ plan: Plan; isRepeat: boolean }> {
  const { seats, prices, ...terms } = input
  const [, ...furtherPrices] = prices
  const { code, name, description, sortOrder, highlighted, provider, features } = terms
  const { priceCents, currency, billingPeriod, tier, trialDays } = terms
  const limits = seatsOfPlan(seats)
  const { includedSeats, perSeatCents, maxSeats } = limits
  const id = newId()
  const now = clock.now()
  return em.transactional(async (em) => {
    await em.execute(
      `insert into plans
         (id, code, name, description, sort_order, highlighted, price_cents, currency, billing_period, tier, tier_rank,
          trial_days,
          included_seats, per_seat_cents, max_seats, further_prices, features, provider, status, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, 'draft', ?, ?) on conflict (code) do nothing`,
      [
        ...[id, code, name, description, sortOrder, highlighted, priceCents, currency, billingPeriod, tier],
        ...[tierRank, trialDays],
        ...[includedSeats, perSeatCents, maxSeats, JSON.stringify(furtherPrices)],
        ...[JSON.stringify(features), provider, now, now],
      ],
    )
    const plan = await em.findOneOrFail(Plan, { code }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (plan.id === id) return { plan, isRepeat: false }
    if (plan.status !== 'draft') throw new PlanCodeTaken()

    const isMoved = plan.provider !== provider
    const isSoldOtherwise = isMoved || !isDeepStrictEqual(soldFor(plan), { offers: prices, seats })
    em.assign(plan, { ...terms, ...limits, tierRank, furtherPrices, ...(isMoved && { providerProductId: null }) })
    // A price from an earlier attempt with other terms was never sold. SyncPlan archives it at the provider.
    const priced = seatColumns(pricedSeats(seats))
    await em.execute(
      `delete from plan_prices where plan_id = ?
         and (? or is_further and ? or not is_further and (price_cents, currency, billing_period, included_seats, per_seat_cents)
           is distinct from (?::int, ?::text, ?::text, ?::int, ?::int))`,
      [
        ...[plan.id, isMoved, isSoldOtherwise],
        ...[priceCents, currency, billingPeriod, priced.includedSeats, priced.perSeatCents],
      ],
    )
    return { plan, isRepeat: true }
  })
}

/** @returns null when another call has finished the draft or changed its terms. */
async function publish(
  { em, jobs, clock }: CallingScope,
  actor: AuditActor,
  { planId, terms }: { planId: string; terms: NewTerms },
): Promise<PlanView | null> {
  return em.transactional(async (em) => {
    const plan = await em.findOneOrFail(Plan, { id: planId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    const present = planView(plan)
    const isUnchanged =
      plan.status === 'draft' &&
      Object.entries(terms).every(([term, value]) => isDeepStrictEqual(Reflect.get(present, term), value))
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
