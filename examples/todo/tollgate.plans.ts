import { definePlans } from '@tollgate/client'

export default definePlans({
  features: ['todos'],
  plans: {
    free: {
      name: 'Free',
      tier: 'free',
      prices: [{ billingPeriod: 'monthly', currency: 'usd', priceCents: 0 }],
      features: { todos: { limit: 3, per: 'month' } },
    },
    pro: {
      name: 'Pro',
      tier: 'pro',
      prices: [{ billingPeriod: 'monthly', currency: 'usd', priceCents: 900 }],
      features: { todos: true },
    },
  },
})
