import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { HOUR } from '../../platform/durations.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { NoSubscription, PaymentMethodRequired, SamePlan } from '../billing.errors.ts'
import type { ChangePreview } from '../billing.schemas.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock } from '../customers/under-lock.ts'
import { promotionOfChange } from '../discounts/promotion-of.ts'
import { PlanChange } from '../plan-change.entity.ts'
import type { OfferWish } from '../plans/choose-offer.ts'
import { ensureOverage } from '../plans/ensure-overage.ts'
import { ensurePlanPrice } from '../plans/ensure-plan-price.ts'
import { planPriceIds } from '../plans/plan-price-ids.ts'
import { costOfMembers, hasSeats, quantityFor, seatTermsOf } from '../plans/seat-terms.ts'
import type { SeatTerms } from '../providers/payment-provider.ts'
import { findPlanChange } from './find-plan-change.ts'
import type { OrderedMove } from './plan-change-timing.ts'
import { prorationMoment } from './proration-moment.ts'

/**
 * What a move to another plan would cost now, computed by the provider. The preview is stored: for ten minutes the user
 * can make the change for exactly this amount.
 *
 * @throws {PlanNotFound}
 * @throws {InvalidInput} if the plan is not sold for this period or in this currency.
 * @throws {AccountNotOpen} if the account is closed.
 * @throws {NoSubscription}
 * @throws {SamePlan}
 * @throws {PaymentMethodRequired}
 * @throws {CodeNotValid}
 * @throws what `planChangeTiming` refuses.
 * @throws {PaymentProviderError}
 */
export async function previewChange(
  caller: CallingScope,
  input: {
    accountId: string
    planCode: string
    ordered?: OrderedMove | null
    promotionCode?: string | undefined
  } & OfferWish,
): Promise<ChangePreview> {
  const { accountId } = input
  const { subscription, subscriptionId, plan, offer, timing, members } = await findPlanChange(caller, input)
  const scope = atProvider(caller, offer.provider)
  const { em, clock, billing } = scope
  if (timing === 'none' && !subscription.scheduledPlan) throw new SamePlan()

  const prorationDate = prorationMoment(await billing.time.now(), subscription)
  const price = await ensurePlanPrice(scope, plan, offer)
  const quantity = timing === 'none' ? null : quantityFor(price, { leavesSeats: hasSeats(subscription), members })
  const promotionCode = input.promotionCode?.toUpperCase() ?? null
  const promotionCodeId = await promotionOfChange(scope, {
    ...{ accountId, promotionCode, timing, price, quantity: quantity ?? subscription.quantity },
    periodEnd: subscription.currentPeriodEnd,
  })
  const quote = await billing.provider.previewChange({
    plan: { subscriptionId, itemId: subscription.providerItemId ?? null, planPriceIds: await planPriceIds(em) },
    at: timing === 'at_once' ? 'now' : 'period_end',
    priceId: price.providerPriceId,
    quantity,
    overage: await ensureOverage(scope, plan, offer),
    prorationDate,
    promotionCodeId,
  })
  if (!quote) {
    await convergeEnded(scope, { accountId, subscriptionId })
    throw new NoSubscription()
  }
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
    promotionCode,
    prorationDate,
    dueNowCents,
    creditCents,
    createdAt: clock.now(),
  })
  const presentCost = costOf(subscription.unitPrice(), seatTermsOf(subscription), subscription.quantity)
  const newCost =
    timing === 'none' ? presentCost : costOf(price.priceCents, price.seats, quantity ?? subscription.quantity)
  // Without discounts and taxes, if the provider can't tell.
  const nextTotalCents = quote.nextTotalCents ?? subscription.priceCents - presentCost + newCost
  return {
    dueNowCents,
    creditCents,
    ...quote.parts,
    currency,
    nextPaymentCents: Math.max(0, nextTotalCents + balanceCents),
    nextPayment: quote.nextParts,
    nextPaymentAt,
    prorationDate,
    takesEffectAt: timing === 'at_period_end' ? nextPaymentAt : prorationDate,
  }
}

const costOf = (priceCents: number, seats: SeatTerms | null, quantity: number): number =>
  seats ? costOfMembers(priceCents, seats, quantity) : priceCents * quantity

/** It has ended at the provider, for example with its customer, and no event has told us. */
async function convergeEnded(
  scope: CallingScope,
  { accountId, subscriptionId }: { accountId: string; subscriptionId: string },
): Promise<void> {
  await underLock(scope, accountId, (locked, customer) =>
    convergeCustomer(locked, customer, { kind: 'subscription', id: subscriptionId }),
  )
}
