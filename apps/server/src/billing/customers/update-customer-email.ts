import { User } from '../../auth/index.ts'
import type { CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { billingEmail } from './ensure-customer.ts'

/**
 * Gives the provider the user's current address. The job is retried until it succeeds.
 *
 * @throws {PaymentProviderError}
 */
export async function updateCustomerEmail(
  { em, billing }: CallingScope,
  { userId }: { userId: string },
): Promise<void> {
  const customer = await em.findOne(Customer, { user: userId })
  if (!customer?.providerCustomerId) return
  const { email } = await em.findOneOrFail(User, { id: userId })
  const address = billingEmail(email)
  if (address)
    await billing.provider.updateCustomer({ providerCustomerId: customer.providerCustomerId, email: address })
}
