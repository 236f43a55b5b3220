import type Stripe from 'stripe'
import type { PaymentProvider } from './payment-provider.ts'
import { asked, orNull } from './stripe-calls.ts'

/** The customers' side of the port. */
export function createStripeCustomers(
  stripe: Stripe,
): Pick<PaymentProvider, 'ensureCustomer' | 'updateCustomer' | 'hasCustomer' | 'openPortal'> {
  return {
    ensureCustomer: ({ key, userId, email, name }) =>
      asked(async () => {
        const customer = await stripe.customers.create(
          { ...(email ? { email } : {}), name, metadata: { user_id: userId } },
          { idempotencyKey: `customer:${key}` },
        )
        return customer.id
      }),

    updateCustomer: ({ providerCustomerId, email }) =>
      asked(async () => {
        await stripe.customers.update(providerCustomerId, { email })
      }),

    async hasCustomer(id) {
      const customer = await asked(() => stripe.customers.retrieve(id)).catch(orNull)
      return customer !== null && !customer.deleted
    },

    openPortal: ({ providerCustomerId, returnUrl }) =>
      asked(async () => {
        const { url } = await stripe.billingPortal.sessions.create({
          customer: providerCustomerId,
          return_url: returnUrl,
        })
        return url
      }).catch(orNull),
  }
}
