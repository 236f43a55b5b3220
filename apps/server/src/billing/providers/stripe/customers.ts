import type Stripe from 'stripe'
import { DAY, SECOND } from '../../../platform/durations.ts'
import type { PaymentProvider } from '../payment-provider.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'
import { createOnce } from './keys.ts'

/** The part of the port for customers. */
export function createStripeCustomers(
  call: CallStripe,
): Pick<PaymentProvider, 'ensureCustomer' | 'updateCustomer' | 'fetchCredit' | 'hasCustomer' | 'openPortal'> {
  return {
    ensureCustomer: ({ key, accountId, userId, email, name, mayExist }) =>
      call(async (stripe) => {
        const known = mayExist && email ? await findCustomer(stripe, { accountId, email }, [{ email }]) : null
        if (known) return known
        return createOnce({
          key: `customer:${key}`,
          make: async (idempotencyKey) => {
            const metadata = { account_id: accountId, ...(userId ? { user_id: userId } : {}) }
            const of = { ...(email ? { email } : {}), name, metadata }
            return (await stripe.customers.create(of, { idempotencyKey })).id
          },
          // The email may have changed since. Stripe's search needs one call, but lags behind by up to a minute.
          find: () =>
            findCustomer(stripe, { accountId, email }, [...(email ? [{ email }] : []), { created: lately() }]),
        })
      }),

    updateCustomer: ({ providerCustomerId, email }) =>
      call(async (stripe) => {
        await stripe.customers.update(providerCustomerId, { email })
      }).catch((error: unknown) => void nullIfMissing(error)),

    async fetchCredit(id) {
      const customer = await call((stripe) => stripe.customers.retrieve(id)).catch(nullIfMissing)
      if (!customer || customer.deleted || !customer.currency || customer.balance === 0) return []
      return [{ currency: customer.currency, cents: -customer.balance }]
    },

    async hasCustomer(id) {
      const customer = await call((stripe) => stripe.customers.retrieve(id)).catch(nullIfMissing)
      return customer !== null && !customer.deleted
    },

    openPortal: ({ providerCustomerId, returnUrl }) =>
      call(async (stripe) => {
        const { url } = await stripe.billingPortal.sessions.create({
          customer: providerCustomerId,
          return_url: returnUrl,
        })
        return url
      }).catch(nullIfMissing),
  }
}

/** Longer than Stripe keeps idempotency keys: a customer created under a key that still counts is younger than this. */
const KEY_LIFETIME = 2 * DAY

const lately = () => ({ gte: Math.floor((Date.now() - KEY_LIFETIME) / SECOND) })

/** Finds the customer that was created for this account, trying one filter after the other. Updates an outdated email. */
async function findCustomer(
  stripe: Stripe,
  { accountId, email }: { accountId: string; email: string | null },
  filters: readonly Stripe.CustomerListParams[],
): Promise<string | null> {
  for (const filter of filters) {
    for await (const customer of stripe.customers.list({ ...filter, limit: 100 })) {
      if (ownerOf(customer) !== accountId) continue
      if (email && customer.email !== email) await stripe.customers.update(customer.id, { email })
      return customer.id
    }
  }
  return null
}

/** The account that a customer was created for. Customers of the previous version name the user, whose id is the same. */
const ownerOf = ({ metadata }: Stripe.Customer): string | undefined => metadata['account_id'] ?? metadata['user_id']
