import type { CallingScope } from '../billing-scope.ts'
import { CurrencyMismatch, NotAnUpgrade, PaymentDue, PlanNotFound, SamePlan } from '../billing.errors.ts'
import type { CheckoutView, SubscribeInput } from '../billing.schemas.ts'
import type { Payer } from '../customers/ensure-customer.ts'
import { Plan } from '../plan.entity.ts'
import { isUpgrade } from '../plans/is-upgrade.ts'
import { liveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'
import { openCheckout } from './open-checkout.ts'

/**
 * Opens the hosted page on which a higher plan is bought. Once it is paid, the new subscription takes the place of the
 * old one, whose unused time is credited.
 *
 * @throws {PlanNotFound} {NoSubscription} {SamePlan} {PaymentDue} {CurrencyMismatch} {NotAnUpgrade} {PaymentProviderError}
 */
export async function upgradeSubscription(
  scope: CallingScope,
  payer: Payer,
  input: SubscribeInput,
): Promise<CheckoutView> {
  const { em } = scope
  const plan = await em.findOne(Plan, { code: input.planCode, status: 'active' }, { refresh: true })
  if (!plan) throw new PlanNotFound()
  const subscription = await liveSubscription(em, payer.userId)
  refuseUpgrade(subscription, plan)

  // Nobody is charged for a grant, so there is nothing to credit: it ends when the paid one starts.
  const upgradeFrom = subscription.providerSubscriptionId ?? null
  const page = await openCheckout(scope, payer, { plan, upgradeFrom })
  return page ?? upgradeSubscription(scope, payer, input)
}

function refuseUpgrade(subscription: LiveSubscription, plan: Plan): void {
  const { provider, currency, priceCents, billingPeriod } = subscription
  if (subscription.plan.id === plan.id) throw new SamePlan()
  if (subscription.owes()) throw new PaymentDue()
  if (provider !== 'manual' && currency !== plan.currency) throw new CurrencyMismatch()
  const { tier } = subscription.plan.$
  if (!isUpgrade({ tier, priceCents, billingPeriod }, plan)) throw new NotAnUpgrade()
}
