import { CAPABILITIES } from '../../src/billing/providers/capabilities.ts'
import { createTestApp } from '../test-app.ts'
import { appliedAll, makePlans, swept, type World } from './world.ts'

/** Grants by an administrator. There is no provider, so nothing can be paid, fail, or be lost. */
export async function openManualWorld(): Promise<World> {
  const app = await createTestApp()
  await makePlans(app, 'stripe', 'usd')
  const nothing = async (): Promise<never> => {
    throw new Error('A grant is not paid.')
  }
  return {
    app,
    capabilities: CAPABILITIES.manual,
    currency: 'usd',
    pay: nothing,
    async advance(by) {
      await app.stripe.advance(by)
      await swept({ app })
      await appliedAll({ app })
    },
    advanceUnseen: nothing,
    settled: () => appliedAll({ app }),
    failRenewals: nothing,
    notices: nothing,
    sendAllAgain: nothing,
    outage: nothing,
    books: async () => ({ charged: 0, refunded: 0 }),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}
