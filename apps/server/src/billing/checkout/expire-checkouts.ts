import { countMembers } from '../../accounts/index.ts'
import type { CallingScope } from '../billing-scope.ts'
import { Checkout } from '../checkout.entity.ts'
import { Customer } from '../customer.entity.ts'
import { lacksSeats } from '../plans/require-seats.ts'
import { expireCheckout } from './expire-checkout.ts'

/**
 * Expires all open checkout pages of a customer's account, at whatever provider.
 *
 * @throws {PaymentProviderError}
 */
export async function expireCheckouts(scope: CallingScope, { customerId }: { customerId: string }): Promise<void> {
  const customer = await scope.em.findOne(Customer, { id: customerId })
  if (!customer) return
  const open = await scope.em.find(Checkout, { customer: { account: customer.account.id }, status: 'open' })
  for (const { id } of open) await expireCheckout(scope, id)
}

/**
 * Expires all open checkout pages of a retired plan. A plan that is on offer keeps its pages.
 *
 * @throws {PaymentProviderError}
 */
export async function expirePlanCheckouts(scope: CallingScope, { planId }: { planId: string }): Promise<void> {
  const open = await scope.em.find(Checkout, { price: { plan: { id: planId, status: 'retired' } }, status: 'open' })
  for (const { id } of open) await expireCheckout(scope, id)
}

/**
 * Expires an account's open checkout pages of plans that have no room for its members any more.
 *
 * @throws {PaymentProviderError}
 */
export async function expireCrowdedCheckouts(scope: CallingScope, { accountId }: { accountId: string }): Promise<void> {
  const { em } = scope
  const limited = {
    customer: { account: accountId },
    status: 'open',
    price: { plan: { includedSeats: { $ne: null } } },
  } as const
  const open = await em.find(Checkout, limited, { populate: ['price.plan'] })
  if (open.length === 0) return
  const members = await countMembers(em, accountId)
  for (const { id, price } of open) if (lacksSeats(price.$.plan.$, members)) await expireCheckout(scope, id)
}
