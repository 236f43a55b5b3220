import type { BillingScope } from '../billing-scope.ts'
import { Checkout } from '../checkout.entity.ts'
import { lockProviderCustomer } from '../customers/lock-customer.ts'
import { queueCanceledMail } from '../mails/queue-canceled-mail.ts'
import { Subscription } from '../subscription.entity.ts'
import { convergeSubscription } from './converge-subscription.ts'

/**
 * The provider's customer was deleted there, and all his subscriptions with it: what he pays next, he pays as a new one.
 *
 * @returns false when he is none of ours, or is not deleted.
 */
export async function forgetCustomer(
  scope: BillingScope,
  { providerCustomerId }: { providerCustomerId: string },
): Promise<boolean> {
  const { em } = scope
  const { provider } = scope.billing
  const customer = await lockProviderCustomer(em, providerCustomerId)
  if (!customer || (await provider.hasCustomer(providerCustomerId))) return false

  const live = await em.findOne(Subscription, {
    user: customer.user.id,
    provider: 'stripe',
    status: { $ne: 'canceled' },
  })
  if (live?.providerSubscriptionId) {
    const truth = await provider.fetchSubscription(live.providerSubscriptionId)
    if (truth) await convergeSubscription(scope, customer, truth, [])
    // Later events of a customer who is gone find nobody, so the mail is due here.
    if (!live.isLive()) await queueCanceledMail(scope, live)
  }
  await em.nativeUpdate(Checkout, { customer: customer.id, status: 'open' }, { status: 'expired' })
  customer.providerCustomerId = null
  customer.generation += 1
  return true
}
