import type { BillingScope } from '../billing-scope.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { quantityToSet } from '../converge/quantity-to-set.ts'
import { Customer } from '../customer.entity.ts'
import { lockedAt, underLock } from '../customers/under-lock.ts'
import { hasSeats } from '../plans/seat-terms.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'

/**
 * Makes the quantity at the provider that of the account's members, if its plan charges per member. The members are
 * counted under the customer's lock, right before the call. The job is retried until it succeeds.
 *
 * The call sets an absolute quantity, so a repeat does nothing. If a call that was given up arrives after a later one,
 * its event leads to another convergence, which finds the difference and sends this job again.
 *
 * @throws {PaymentProviderError}
 */
export async function syncSeats(scope: BillingScope, { accountId }: { accountId: string }): Promise<void> {
  // Most accounts have never opened a checkout page. They need no lock.
  if ((await scope.em.count(Customer, { account: accountId, providerCustomerId: { $ne: null } })) === 0) return
  await underLock(scope, accountId, async (held, customerHere) => {
    const known = await held.em.findOne(Subscription, liveOf(accountId))
    const id = known?.providerSubscriptionId
    // Read under the lock: a convergence that has not counted this member yet has written its row by now. A move to a
    // plan with seats that we don't know of is counted when it is converged.
    if (!id || !hasSeats(known)) return
    const [locked, customer] = await lockedAt(held, customerHere, known.provider)
    const { em, billing } = locked
    if (!customer.isAccountOpen || (await isElsewhere(locked, known))) return

    const changed = { kind: 'subscription', id } as const
    const converged = await convergeCustomer(locked, customer, changed, { syncsSeats: true })
    const itemId = converged?.subscription.providerItemId
    if (!itemId || !converged.subscription.isLive()) return
    const quantity = await quantityToSet(em, converged.subscription, converged.fetched.status)
    if (quantity === null) return
    await billing.provider.setQuantity({ subscriptionId: id, itemId, quantity })
    await convergeCustomer(locked, customer, changed)
  })
}
