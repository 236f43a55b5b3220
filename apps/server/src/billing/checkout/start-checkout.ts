import type { CallingScope } from '../billing-scope.ts'
import { AlreadySubscribed, PlanNotFound } from '../billing.errors.ts'
import type { CheckoutView, SubscribeInput } from '../billing.schemas.ts'
import type { Payer } from '../customers/ensure-customer.ts'
import { Plan } from '../plan.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import { openCheckout } from './open-checkout.ts'

/**
 * Opens the hosted page on which a first plan is paid. A grant by an admin does not block: it ends when the paid
 * subscription starts.
 *
 * @throws {PlanNotFound} unknown or retired. {AlreadySubscribed} {CurrencyMismatch} {PaymentProviderError}
 */
export async function startCheckout(scope: CallingScope, payer: Payer, input: SubscribeInput): Promise<CheckoutView> {
  const { em } = scope
  const plan = await em.findOne(Plan, { code: input.planCode, status: 'active' }, { refresh: true })
  if (!plan) throw new PlanNotFound()
  const live = await em.count(Subscription, {
    user: payer.userId,
    status: { $ne: 'canceled' },
    provider: { $ne: 'manual' },
  })
  if (live > 0) throw new AlreadySubscribed()

  const page = await openCheckout(scope, payer, { plan, upgradeFrom: null })
  // Asked again when it has been paid, and the answer is that there is a subscription; or when it sells nothing any more.
  return page ?? startCheckout(scope, payer, input)
}
