import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PlanInactive } from '../billing.errors.ts'
import { SyncPlan } from '../billing.queues.ts'
import type { PlanView, UpdatePlanInput } from '../billing.schemas.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { activePlan } from './active-plan.ts'
import { checkAmount } from './check-amount.ts'
import { ensurePlanPrice, type SellablePrice } from './ensure-plan-price.ts'
import { formerPriceIds } from './former-price-ids.ts'
import { lockPlan } from './lock-plan.ts'
import { planView, seatsOfPlan } from './plan-view.ts'
import { isSame, termsAfter } from './price-terms.ts'
import { requireSeatPrices } from './require-seat-prices.ts'
import { seatTermsOf } from './seat-terms.ts'
import { trySyncPlan } from './sync-plan.ts'

/** Maximum number of attempts. An attempt fails only if another change of the plan comes first. */
const ATTEMPTS = 5

/**
 * Changes a plan, first at the provider. If that fails, nothing changes here, and a repeat finds what was created
 * there.
 *
 * A price is never changed: a new amount, currency, or period creates a new price, and subscribers keep the old one.
 * Archiving the old price is the last step. If it fails, a job repeats it.
 *
 * @throws {PlanNotFound}
 * @throws {PlanInactive}
 * @throws {ProviderUnsupported} if the plan's provider is not configured, or can't charge per member
 * @throws {InvalidInput} for a currency that the provider does not accept, or an amount that the currency does not have
 * @throws {PaymentProviderError}
 * @throws {Busy} when other changes came first in every attempt.
 */
export async function updatePlan(scope: CallingScope, actor: AuditActor, input: UpdatePlanInput): Promise<PlanView> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const offered = await offerChange(scope, input)
    const view = await adoptChange(scope, actor, input, offered).catch(async (error: unknown) => {
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

/** The price before the change and the new one. Both are missing when nothing changes at the provider. */
interface OfferedChange {
  base?: SellablePrice
  nextPriceId?: string
}

async function offerChange(scope: CallingScope, input: UpdatePlanInput): Promise<OfferedChange> {
  const plan = activePlan(await scope.em.findOne(Plan, { id: input.id }, { refresh: true }))
  const { name = plan.name } = input
  const next = termsAfter(plan, input)
  const isNewPrice = !isSame(next, termsAfter(plan, { id: plan.id }))
  if (name === plan.name && !isNewPrice) return {}

  if (isNewPrice) checkAmount(next)
  requireSeatPrices(plan.provider, next.perSeatCents)
  const base = await ensurePlanPrice(scope, plan)
  if (!isNewPrice) return { base }

  const { priceCents, currency, billingPeriod } = next
  const seats = seatTermsOf(next)
  const key = [
    base.id,
    priceCents,
    currency,
    billingPeriod,
    ...(seats ? [seats.included, seats.perSeatCents] : []),
  ].join(':')
  const of = { key, planId: plan.id, name, productId: base.productId }
  const terms = { priceCents, currency, billingPeriod, seats }
  return { base, nextPriceId: await atProvider(scope, plan.provider).billing.provider.ensurePrice({ ...of, ...terms }) }
}

async function adoptChange(
  scope: CallingScope,
  actor: AuditActor,
  input: UpdatePlanInput,
  { base, nextPriceId }: OfferedChange,
): Promise<PlanView | null> {
  const { em, jobs, clock } = scope
  const { id, seats, ...changes } = input
  return em.transactional(async (em) => {
    await lockPlan(em, id)
    const plan = activePlan(await em.findOne(Plan, { id }, { refresh: true }))
    const before = planView(plan)
    const termsBefore = termsAfter(plan, { id })
    const { name = plan.name } = input
    const terms = termsAfter(plan, input)
    const current = await em.findOne(PlanPrice, { plan: id, archivedAt: null }, { refresh: true })
    if (!isSame(terms, termsBefore) && (!nextPriceId || current?.id !== base?.id)) return null
    if (name !== plan.name) {
      if (!base) return null // renamed in the meantime
      const { productId, providerPriceId } = base
      const priceId = current?.providerPriceId ?? providerPriceId
      const former = await formerPriceIds(em, id)
      const { provider } = atProvider(scope, plan.provider).billing
      await provider.syncPlan({ planId: id, productId, name, isActive: true, priceId, formerPriceIds: former })
    }

    em.assign(plan, { ...changes, ...(seats !== undefined && seatsOfPlan(seats)) }, { ignoreUndefined: true })
    if (nextPriceId && current && !isSame(terms, termsBefore)) {
      const now = clock.now()
      current.archivedAt = now
      await em.flush() // a unique index allows one current price per plan
      em.create(PlanPrice, { plan: id, ...terms, providerPriceId: nextPriceId, createdAt: now })
    }
    const view = planView(plan)
    recordAudit({ em, clock }, actor, { action: 'plan.update', targetType: 'plan', targetId: id, before, after: view })
    if (base) await jobs.send(em, SyncPlan, { planId: id })
    return view
  })
}
