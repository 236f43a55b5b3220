import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { requireRevision } from '../../platform/revision.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { CurrencyMismatch, NoSubscription, ProviderUnsupported, SubscriptionNotFound } from '../billing.errors.ts'
import type { SubscriptionView } from '../billing.schemas.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock } from '../customers/under-lock.ts'
import { Discount } from '../discount.entity.ts'
import { CodeNotValid, DiscountEnded, DiscountNotFound } from '../discount.errors.ts'
import type { ApplyDiscountInput } from '../discount.schemas.ts'
import { ensureDiscountAtAccount } from '../discounts/ensure-at-account.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { Subscription } from '../subscription.entity.ts'
import { discountsRevision } from '../subscriptions/discounts-revision.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { reloadSubscriptionView } from '../subscriptions/reload-subscription-view.ts'

/**
 * Gives a discount to a live subscription, from its next invoice on, for an admin. If it runs there already, nothing
 * changes.
 *
 * @throws {SubscriptionNotFound}
 * @throws {NoSubscription} if it has ended.
 * @throws {DiscountNotFound}
 * @throws {DiscountEnded}
 * @throws {ProviderUnsupported} for a grant, if the discount is another provider's, and for a subscription in another
 *   account of the provider.
 * @throws {DiscountCodeTaken} if the provider's account of today has the discount's code for something else.
 * @throws {CurrencyMismatch}
 * @throws {RevisionStale} if other discounts run than the caller has seen.
 * @throws {CodeNotValid} if it has expired or is used up, or is for other plans.
 * @throws {PaymentProviderError}
 */
export async function applyDiscount(
  caller: CallingScope,
  actor: AuditActor,
  { id, discountId, revision }: ApplyDiscountInput,
): Promise<SubscriptionView> {
  const { em } = caller
  const subscription = await em.findOne(Subscription, { id }, { populate: ['plan'] })
  if (!subscription) throw new SubscriptionNotFound()
  const { provider, providerSubscriptionId: subscriptionId, currency } = subscription
  if (!subscription.isLive()) throw new NoSubscription()
  const discount = await em.findOne(Discount, { id: discountId, providerCouponId: { $ne: null } })
  if (!discount?.providerCouponId) throw new DiscountNotFound()
  if (discount.status === 'ended') throw new DiscountEnded()
  if (!CAPABILITIES[provider].discounts || !subscriptionId || discount.provider !== provider)
    throw new ProviderUnsupported('This subscription cannot get this discount: its provider has no such discount.')
  if (discount.amountOffCents && discount.currency !== currency)
    throw new CurrencyMismatch('This discount is in another currency than the subscription.')
  if (discount.planCodes && !discount.planCodes.includes(subscription.plan.$.code)) throw new CodeNotValid('other-plan')

  if (await isElsewhere(caller, subscription)) throw new ProviderUnsupported()
  const there = atProvider(caller, provider)
  const couponId = await ensureDiscountAtAccount(there, discount)
  await underLock(there, subscription.account.id, async (locked, customer) => {
    const present = await locked.em.findOneOrFail(Subscription, { id }, { refresh: true })
    requireRevision(revision, discountsRevision(present))
    await locked.billing.provider.addDiscount({ subscriptionId, couponId })
    await locked.billing.provider.keepDiscounts(subscriptionId)
    await convergeCustomer(locked, customer, { kind: 'subscription', id: subscriptionId })
    recordAudit(locked, actor, {
      ...{ action: 'subscription.apply_discount', targetType: 'subscription', targetId: id, before: null },
      after: { discountId, name: discount.name },
    })
  })
  return reloadSubscriptionView(caller, id)
}
