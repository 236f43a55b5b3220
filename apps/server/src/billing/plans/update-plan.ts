import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { CallingScope } from '../billing-scope.ts'
import { PlanInactive } from '../billing.errors.ts'
import { SyncPlan } from '../billing.queues.ts'
import type { PlanView, UpdatePlanInput } from '../billing.schemas.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import { Plan } from '../plan.entity.ts'
import { activePlan } from './active-plan.ts'
import { ensurePlanPrice, type SellablePrice } from './ensure-plan-price.ts'
import { formerPriceIds } from './former-price-ids.ts'
import { planView } from './plan-view.ts'
import { trySyncPlan } from './sync-plan.ts'

/**
 * Changes a plan, first at the provider. If that fails, nothing changes here, and a repeat finds what was created
 * there.
 *
 * A price is never changed: a new amount, currency, or period creates a new price, and subscribers keep the old one.
 * Archiving the old price is the last step. If it fails, a job repeats it.
 *
 * @throws {PlanNotFound}
 * @throws {PlanInactive}
 * @throws {InvalidInput} for a currency that the provider does not accept
 * @throws {PaymentProviderError}
 */
export async function updatePlan(scope: CallingScope, actor: AuditActor, input: UpdatePlanInput): Promise<PlanView> {
  for (;;) {
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
}

async function withdraw(scope: CallingScope, planId: string): Promise<void> {
  await scope.em.transactional(async (em) => scope.jobs.send(em, SyncPlan, { planId }))
  await trySyncPlan(scope, { planId })
}

/** The price before the change and the new one. Both are missing when nothing changes at the provider. */
interface OfferedChange {
  /** Kept for the audit entry: the provider's event may write the new name before this call does. */
  oldName: string
  base?: SellablePrice
  nextPriceId?: string
}

async function offerChange(scope: CallingScope, input: UpdatePlanInput): Promise<OfferedChange> {
  const { provider } = scope.billing
  const plan = activePlan(await scope.em.findOne(Plan, { id: input.id }, { refresh: true }))
  const oldName = plan.name
  const { name = oldName } = input
  const next = termsAfter(plan, input)
  const isNewPrice = !isSame(next, plan)
  if (name === oldName && !isNewPrice) return { oldName }

  const base = await ensurePlanPrice(scope, plan)
  const { productId, providerPriceId: priceId } = base
  if (name !== oldName) {
    const former = await formerPriceIds(scope.em, plan.id)
    await provider.syncPlan({ planId: plan.id, productId, name, isActive: true, priceId, formerPriceIds: former })
  }
  if (!isNewPrice) return { oldName, base }

  const key = [base.id, next.priceCents, next.currency, next.billingPeriod].join(':')
  return { oldName, base, nextPriceId: await provider.ensurePrice({ key, planId: plan.id, productId, ...next }) }
}

async function adoptChange(
  { em, jobs, clock }: CallingScope,
  actor: AuditActor,
  input: UpdatePlanInput,
  { oldName, base, nextPriceId }: OfferedChange,
): Promise<PlanView | null> {
  const { id, ...changes } = input
  return em.transactional(async (em) => {
    const plan = activePlan(await em.findOne(Plan, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true }))
    const before = { ...planView(plan), name: oldName }
    const terms = termsAfter(plan, input)
    const current = await em.findOne(PlanPrice, { plan: id, archivedAt: null }, { refresh: true })
    if (!isSame(terms, plan) && (!nextPriceId || current?.id !== base?.id)) return null

    em.assign(plan, changes, { ignoreUndefined: true })
    if (nextPriceId && current && !isSame(terms, before)) {
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

type Terms = Pick<Plan, 'priceCents' | 'currency' | 'billingPeriod'>

function termsAfter(plan: Plan, input: UpdatePlanInput): Terms {
  const { priceCents = plan.priceCents, currency = plan.currency, billingPeriod = plan.billingPeriod } = input
  return { priceCents, currency, billingPeriod }
}

const isSame = (one: Terms, other: Terms): boolean =>
  one.priceCents === other.priceCents && one.currency === other.currency && one.billingPeriod === other.billingPeriod
