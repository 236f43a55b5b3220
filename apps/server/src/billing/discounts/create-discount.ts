import { isDeepStrictEqual } from 'node:util'
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { smallestStep } from '../../platform/money.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { ProviderUnsupported } from '../billing.errors.ts'
import { EndDiscount } from '../billing.queues.ts'
import { Discount } from '../discount.entity.ts'
import { DiscountCodeTaken } from '../discount.errors.ts'
import type { CreateDiscountInput, DiscountView } from '../discount.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { ensurePlanPrice } from '../plans/ensure-plan-price.ts'
import { PROVIDER_LABELS } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { discountView } from './discount-view.ts'

/**
 * Creates a discount in three steps: an invisible draft, the coupon and the promotion code at the provider, then the
 * active discount. If a step fails, the draft stays, and a repeat with the same terms finishes it.
 *
 * @throws {ProviderUnsupported} if the provider has no discounts, or is not configured
 * @throws {InvalidInput} for an unknown plan, a moment in the past, or an amount that the currency does not have
 * @throws {DiscountCodeTaken}
 * @throws {PaymentProviderError}
 */
export async function createDiscount(
  caller: CallingScope,
  actor: AuditActor,
  input: CreateDiscountInput,
): Promise<DiscountView> {
  if (!CAPABILITIES[input.provider].discounts)
    throw new ProviderUnsupported(`${PROVIDER_LABELS[input.provider]} has no discounts. Choose another provider.`)
  const scope = atProvider(caller, input.provider)
  checkAmounts(input)
  if (input.expiresAt && input.expiresAt <= (await scope.billing.time.now()))
    throw new InvalidInput({ expiresAt: 'must be in the future' })
  const productIds = await productsOf(scope, input)
  const { draft, abandoned } = await draftDiscount(scope, input)
  // Its code may exist at the provider, and would stand in the way.
  if (abandoned) await scope.billing.provider.endDiscount(abandoned)
  const { name, duration, code, currency, amountOff, minimumAmount, maxRedemptions = null } = input
  const { couponId, promotionCodeId } = await scope.billing.provider.ensureDiscount({
    ...{ discountId: draft, name, duration, maxRedemptions, productIds },
    percentOff: input.percentOff ?? null,
    amountOff: amountOff === undefined || currency === undefined ? null : { cents: amountOff, currency },
    months: input.months ?? null,
    expiresAt: input.expiresAt ?? null,
    promotion:
      code === undefined
        ? null
        : {
            code,
            isFirstTimeOnly: input.firstTimeOnly,
            minimum: minimumAmount === undefined || currency === undefined ? null : { cents: minimumAmount, currency },
          },
  })
  const view = await publish(scope, actor, { id: draft, providerCouponId: couponId, providerCodeId: promotionCodeId })
  if (!view) throw new DiscountCodeTaken()
  return view
}

function checkAmounts({ currency, amountOff = 0, minimumAmount = 0 }: CreateDiscountInput): void {
  if (currency === undefined) return
  const step = smallestStep(currency)
  const mustBe = `must be a multiple of ${step} in ${currency}`
  if (amountOff % step !== 0) throw new InvalidInput({ amountOff: mustBe })
  if (minimumAmount % step !== 0) throw new InvalidInput({ minimumAmount: mustBe })
}

/** The products of the plans that a discount is for; null for all. They are created if the provider lacks them. */
async function productsOf(scope: CallingScope, { plans, provider }: CreateDiscountInput): Promise<string[] | null> {
  if (!plans) return null
  const active = await scope.em.find(Plan, { code: plans, status: 'active' })
  const found = active.flatMap((plan) => {
    const offer = plan.offers().find((one) => one.provider === provider)
    return offer ? [{ plan, offer }] : []
  })
  const unknown = plans.find((code) => !found.some(({ plan }) => plan.code === code))
  if (unknown !== undefined)
    throw new InvalidInput({ plans: `has ${unknown}, which ${PROVIDER_LABELS[provider]} does not sell` })
  const products: string[] = []
  for (const { plan, offer } of found) products.push((await ensurePlanPrice(scope, plan, offer)).productId)
  return products
}

/**
 * @returns the draft's id, and that of a draft with the same code and other terms, which this one replaces.
 * @throws {DiscountCodeTaken} also if another call drafts the same code at this moment.
 */
async function draftDiscount(
  { em, jobs, clock }: CallingScope,
  input: CreateDiscountInput,
): Promise<{ draft: string; abandoned: string | null }> {
  const now = clock.now()
  const terms = termsOf(input)
  return em
    .transactional(async (em) => {
      const known = await openDraft(em, terms)
      if (known && known.status !== 'draft') throw new DiscountCodeTaken()
      const isSame = known !== null && isDeepStrictEqual(termsOf(known), terms)
      if (known && isSame) return { draft: known.id, abandoned: null }
      if (known) {
        em.assign(known, { status: 'ended', endedAt: now })
        await jobs.send(em, EndDiscount, { discountId: known.id })
        await em.flush()
      }
      const id = newId()
      const { plans, amountOff, minimumAmount, ...rest } = terms
      const row = { ...rest, amountOffCents: amountOff, planCodes: plans, minimumCents: minimumAmount }
      em.create(Discount, { id, ...row, status: 'draft', createdAt: now })
      await em.flush()
      return { draft: id, abandoned: known?.id ?? null }
    })
    .catch((error: unknown) => {
      throw error instanceof UniqueConstraintViolationException ? new DiscountCodeTaken() : error
    })
}

type Terms = ReturnType<typeof termsOf>

/** What makes a discount, of an input or of a row. */
function termsOf(of: CreateDiscountInput | Discount) {
  const { provider, name, duration, firstTimeOnly, expiresAt = null } = of
  const isRow = of instanceof Discount
  return {
    ...{ provider, name, duration, firstTimeOnly, expiresAt },
    percentOff: of.percentOff ?? null,
    amountOff: (isRow ? of.amountOffCents : of.amountOff) ?? null,
    currency: of.currency ?? null,
    months: of.months ?? null,
    code: of.code ?? null,
    maxRedemptions: of.maxRedemptions ?? null,
    plans: (isRow ? of.planCodes : of.plans) ?? null,
    minimumAmount: (isRow ? of.minimumCents : of.minimumAmount) ?? null,
  }
}

/** The discount that has this code; without a code, a draft with the same name. */
async function openDraft(em: EntityManager, { code, name }: Terms): Promise<Discount | null> {
  const [row] = await em.execute<{ id: string }[]>(
    code === null
      ? `select id from discounts where code is null and name = ? and status = 'draft' order by created_at desc limit 1`
      : `select id from discounts where upper(code) = upper(?) and status <> 'ended'`,
    [code ?? name],
  )
  return row
    ? em.findOneOrFail(Discount, { id: row.id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    : null
}

/** @returns null if another call has finished it, or has replaced it by one with other terms. */
async function publish(
  { em, clock, jobs, billing }: CallingScope,
  actor: AuditActor,
  { id, ...ids }: { id: string; providerCouponId: string; providerCodeId: string | null },
): Promise<DiscountView | null> {
  const providerAccount = await billing.provider.account()
  return em.transactional(async (em) => {
    const discount = await em.findOneOrFail(Discount, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    // The replaced discount may have reached the provider only after it was ended there.
    if (discount.status === 'ended') await jobs.send(em, EndDiscount, { discountId: id })
    if (discount.status !== 'draft') return null
    em.assign(discount, { ...ids, providerAccount, status: 'active' })
    const view = discountView(discount, 0)
    recordAudit({ em, clock }, actor, {
      ...{ action: 'discount.create', targetType: 'discount', targetId: id, before: null, after: view },
    })
    return view
  })
}
