import type { FaultyApp } from '../faults/faulty-app.ts'
import { GOOD_CARD, payOnPage } from '../pay.ts'
import { failCharges, stripeClient } from '../stripe.ts'
import type { TestApp, TestUser } from '../test-app.ts'
import type { Hero } from './stories.ts'

/** How often a person presses a button before they give up. */
const PATIENCE = 12
/** Reasons that do not say whether the call took effect. All others are answers. */
const NO_ANSWER = new Set(['PAYMENT_PROVIDER_ERROR', 'INTERNAL_ERROR', undefined])

/** @param login the server that the person uses, if it is not the app's own. */
export async function aHero(
  { app, database }: FaultyApp,
  user: TestUser,
  login: Pick<TestApp, 'as'> = app,
): Promise<Hero> {
  const { api } = await login.as(user)
  const stripe = stripeClient(app)

  const insist: Hero['insist'] = async (call) => {
    for (let tries = 1; ; tries++) {
      try {
        return await call()
      } catch (error) {
        const { reason } = (error as { data?: { reason?: string } }).data ?? {}
        const isAnswer = !NO_ANSWER.has(reason)
        // An earlier try took effect although its answer was lost, so this one is refused.
        if (isAnswer && tries > 1) return null
        if (isAnswer || tries === PATIENCE) throw error
      }
    }
  }
  const customer = async () => {
    const { rows } = await database.query<{ id: string }>(
      'select provider_customer_id as id from customers where user_id = $1',
      [user.id],
    )
    return rows[0]?.id ?? ''
  }

  return {
    ...{ api, stripe, insist, customer },
    async buy(how, planCode, cards = [GOOD_CARD]) {
      const { subscriptions } = api.billing
      const page = await insist(() => subscriptions[how].mutate({ planCode }))
      if (!page) throw new Error(`There is no page on which to ${how}.`)
      for (const card of cards) await payOnPage(page.checkoutUrl, card)
      await insist(() => subscriptions.sync.mutate({ sessionId: page.sessionId }))
    },
    async declineCharges(on) {
      await failCharges(app, await customer(), on)
    },
  }
}
