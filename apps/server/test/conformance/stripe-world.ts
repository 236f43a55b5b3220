import { CAPABILITIES } from '../../src/billing/providers/capabilities.ts'
import { GOOD_CARD, payOnPage } from '../pay.ts'
import { stripeCustomerOf } from '../purchases.ts'
import { calm, chaos, controlStripe, failCharges, failNext, ledgerOf } from '../stripe.ts'
import { createTestApp } from '../test-app.ts'
import { appliedAll, makePlans, swept, type World } from './world.ts'

const CARDS = { good: GOOD_CARD, declined: '4000000000000002', fading: '4000000000000341' } as const

export async function openStripeWorld(): Promise<World> {
  const app = await createTestApp()
  await makePlans(app, 'stripe', 'usd')
  const settled = async () => {
    await app.stripe.drained(25_000)
    await appliedAll({ app })
    // What was applied may have changed something at Stripe.
    await app.stripe.drained(25_000)
    await appliedAll({ app })
  }
  return {
    app,
    capabilities: CAPABILITIES.stripe,
    currency: 'usd',
    pay: async (url, card) => (await payOnPage(url, CARDS[card])).location !== null,
    async advance(by) {
      await app.stripe.advance(by)
      await settled()
      await swept({ app })
    },
    advanceUnseen: (by) => app.stripe.advance(by),
    settled,
    failRenewals: async (subscriber, on) => failCharges(app, await stripeCustomerOf(app, subscriber), on),
    notices: (shares) => chaos(app, shares),
    async sendAllAgain(order = (notices) => [...notices]) {
      const deliveries = (await (await fetch(`${app.stripe.url}/_/deliveries`)).json()) as { id: string }[]
      for (const { id } of order(deliveries)) await controlStripe(app, 'POST', `deliveries/${id}/resend`)
    },
    outage: (isDown) => (isDown ? failNext(app) : calm(app)),
    async books(subscriber) {
      const { charged, refunded } = await ledgerOf(app, await stripeCustomerOf(app, subscriber))
      return { charged, refunded }
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}
