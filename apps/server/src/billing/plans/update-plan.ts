import { isDeepStrictEqual } from 'node:util'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanInactive } from '../billing.errors.ts'
import { SyncPlan } from '../billing.queues.ts'
import type { PlanView, UpdatePlanInput } from '../billing.schemas.ts'
import { collectedBy, PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { activePlan } from './active-plan.ts'
import { ensurePlanPrice, type SellablePrice } from './ensure-plan-price.ts'
import { formerPriceIds } from './former-price-ids.ts'
import { adoptFurtherPrices, hasAll, makeFurtherPrices, type FurtherPrice } from './further-prices.ts'
import { lockPlan } from './lock-plan.ts'
import { checkOffers, offersAfter } from './offers-after.ts'
import { requireMetering } from './plan-overage.ts'
import { requireSeen } from './plan-revision.ts'
import { planView, seatsOfPlan } from './plan-view.ts'
import { isSame, soldFor, termsOf, type SoldFor } from './price-terms.ts'
import { requireKnownTier, type Ranks } from './require-known-tier.ts'
import { seatTermsOf } from './seat-terms.ts'
import { trySyncPlan } from './sync-plan.ts'

/** Maximum number of attempts. An attempt fails only if another change of the plan comes first. */
const ATTEMPTS = 5

/**
 * Changes a plan, first at the provider. If that fails, nothing changes here, and a repeat finds what was created
 * there.
 *
 * A price is never changed: a new amount, currency, or period creates a new price, and subscribers keep the old one.
 * The same holds for a price that is no longer on offer. Archiving old prices is the last step. If it fails, a job repeats
 * it.
 *
 * @param ranks of the tiers of a plans file.
 * @throws {PlanNotFound}
 * @throws {PlanInactive}
 * @throws {RevisionStale} if the plan has changed since the caller read it
 * @throws {ProviderUnsupported} if the plan's provider is not configured, or can't charge per member
 * @throws {InvalidInput} for a currency that the provider does not accept, or an amount that the currency does not have
 * @throws {PaymentProviderError}
 * @throws {Busy} when other changes came first in every attempt.
 */
export async function updatePlan(
  scope: CallingScope,
  actor: AuditActor,
  input: UpdatePlanInput,
  ranks: Ranks = {},
): Promise<PlanView> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const offered = await offerChange(scope, input, ranks)
    const view = await adoptChange(scope, actor, input, { ...offered, ranks }).catch(async (error: unknown) => {
      // Retired in the meantime: archive what we have just made active at the provider.
      if (error instanceof PlanInactive) await withdraw(scope, input.id)
      throw error
    })
    if (!view) continue // another admin's price came first: ours must replace that one
    await trySyncPlan(scope, { planId: input.id })
    return view
  }
  throw new Busy()
}

async function withdraw(scope: CallingScope, planId: string): Promise<void> {
  await scope.em.transactional(async (em) => scope.jobs.send(em, SyncPlan, { planId }))
  await trySyncPlan(scope, { planId })
}

/** What a change has made at the providers. All is missing when nothing changes there. */
interface OfferedChange {
  /** The first price before the change. */
  base?: SellablePrice
  /** The new first price. */
  nextPriceId?: string
  /** New prices beside it. */
  further?: readonly FurtherPrice[]
}

async function offerChange(scope: CallingScope, input: UpdatePlanInput, ranks: Ranks): Promise<OfferedChange> {
  const plan = activePlan(await scope.em.findOne(Plan, { id: input.id }, { refresh: true }))
  requireSeen(plan, input.revision)
  const { name = plan.name, tier } = input
  if (tier !== undefined) await requireKnownTier(scope.em, tier, ranks)
  const present = soldFor(plan)
  const next = offersAfter(present, input)
  requireMetering(next.offers, input.features ?? plan.features)
  if (name === plan.name && isDeepStrictEqual(next.offers, present.offers) && isSameFirst(next, present)) return {}

  if (!isDeepStrictEqual(next, present)) checkOffers(next, { isListed: input.prices !== undefined })
  const base = await ensurePlanPrice(scope, plan)
  const further = await makeFurtherPrices(scope, plan, { next, present, name, productId: base.productId })
  if (isSameFirst(next, present)) return { base, further }

  const [{ priceCents, currency, billingPeriod }] = next.offers
  const seats = seatTermsOf(termsOf(next.offers[0], next.seats))
  const key = [
    base.id,
    priceCents,
    currency,
    billingPeriod,
    ...(seats ? [seats.included, seats.perSeatCents] : []),
  ].join(':')
  const of = { key, planId: plan.id, name, productId: base.productId }
  const terms = { priceCents, currency, billingPeriod, seats }
  const nextPriceId = await atProvider(scope, plan.provider).billing.provider.ensurePrice({ ...of, ...terms })
  return { base, nextPriceId, further }
}

const isSameFirst = (next: SoldFor, present: SoldFor): boolean =>
  isSame({ ...next, offer: next.offers[0] }, { ...present, offer: present.offers[0] })

async function adoptChange(
  scope: CallingScope,
  actor: AuditActor,
  input: UpdatePlanInput,
  { base, nextPriceId, further = [], ranks }: OfferedChange & { ranks: Ranks },
): Promise<PlanView | null> {
  const { em, jobs, clock } = scope
  const { id, revision, seats: _, prices: __, ...changes } = input
  return em.transactional(async (em) => {
    await lockPlan(em, id)
    const plan = activePlan(await em.findOne(Plan, { id }, { refresh: true }))
    requireSeen(plan, revision)
    const before = planView(plan)
    const present = soldFor(plan)
    const next = offersAfter(present, input)
    // Another change may have added an overage or a currency since then.
    requireMetering(next.offers, input.features ?? plan.features)
    const { name = plan.name } = input
    const isNewPrice = !isSameFirst(next, present)
    const current = await em.findOne(PlanPrice, { plan: id, archivedAt: null }, { refresh: true })
    if (isNewPrice && (!nextPriceId || current?.id !== base?.id)) return null
    if (!hasAll(further, { next, present })) return null
    if (name !== plan.name) {
      if (!base) return null // renamed in the meantime
      const { productId, providerPriceId } = base
      const former = await formerPriceIds(em, id)
      const own = await em.find(PlanPrice, { $and: [{ plan: id, isFurther: true }, collectedBy(plan.provider)] })
      const priceIds = [current?.providerPriceId ?? providerPriceId, ...own.flatMap((row) => row.providerPriceId ?? [])]
      const { provider } = atProvider(scope, plan.provider).billing
      await provider.syncPlan({ planId: id, productId, name, isActive: true, priceIds, formerPriceIds: former })
    }

    const [{ priceCents, currency, billingPeriod }, ...furtherPrices] = next.offers
    const sold = { priceCents, currency, billingPeriod, furtherPrices, ...seatsOfPlan(next.seats) }
    const { tier } = changes
    const ranked = tier === undefined ? {} : { tierRank: await requireKnownTier(em, tier, ranks) }
    em.assign(plan, { ...changes, ...ranked, ...sold }, { ignoreUndefined: true })
    const now = clock.now()
    if (nextPriceId && current && isNewPrice) {
      current.archivedAt = now
      await em.flush() // a unique index allows one current price per plan
      const terms = termsOf(next.offers[0], next.seats)
      em.create(PlanPrice, { plan: id, ...terms, providerPriceId: nextPriceId, createdAt: now })
    }
    await adoptFurtherPrices(em, plan, { next, further, now })
    const view = planView(plan)
    recordAudit({ em, clock }, actor, { action: 'plan.update', targetType: 'plan', targetId: id, before, after: view })
    if (base) await jobs.send(em, SyncPlan, { planId: id })
    return view
  })
}
