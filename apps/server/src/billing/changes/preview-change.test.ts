import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstOf } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { randomFrom } from '../../../test/random-from.ts'
import { stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { DAY } from '../../platform/durations.ts'

/** How many upgrades a user makes, each to a more expensive plan and at a random moment of the same period. */
const STEPS = 4

describe('the preview of a change', () => {
  let app: TestApp
  // Without a worker, no event can change the rows before the change itself is checked.
  beforeAll(async () => (app = await createTestApp({}, { worker: false })))
  afterAll(() => app[Symbol.asyncDispose]())

  test.each(
    firstOf(2, [
      ['monthly', 'usd', 900, 3],
      ['yearly', 'jpy', 9_901, 40],
      ['yearly', 'usd', 9_900, 40],
      ['monthly', 'jpy', 901, 3],
    ]),
  )('%s in %s is charged to the smallest unit, at random moments', async (billingPeriod, currency, seed, days) => {
    const random = randomFrom(seed)
    const codeOf = (step: number) => `${billingPeriod}-${currency}-${step}`
    for (let step = 0; step <= STEPS; step++) {
      const priceCents = seed + Math.floor(step * 700 + random() * 600)
      await aPlan(app, { code: codeOf(step), priceCents, currency, billingPeriod })
    }
    const user = await aPayingUser(app, codeOf(0), { wait: false })
    const { subscriptions } = (await app.as(user)).api.billing
    await subscriptions.sync.mutate({ sessionId: user.sessionId })
    let charged = await chargedTo(app, user.stripeCustomerId)

    for (let step = 1; step <= STEPS; step++) {
      await app.stripe.advance({ seconds: Math.ceil(random() * days * (DAY / 1_000)) })
      const planCode = codeOf(step)
      const preview = await subscriptions.previewChange.query({ planCode })
      // The user looks at the preview for a while.
      await app.stripe.advance({ seconds: Math.ceil(random() * 500) })
      const changed = await subscriptions.change.mutate({ planCode, prorationDate: preview.prorationDate })
      const now = await chargedTo(app, user.stripeCustomerId)
      expect(now - charged, `step ${step}`).toBe(preview.dueNowCents)
      charged = now

      expect(changed.plan.code).toBe(planCode)
      expect(preview).toMatchObject({ creditCents: 0, currency, nextPaymentCents: changed.priceCents })
      expect(preview.nextPaymentAt).toEqual(changed.currentPeriodEnd)
    }
  })
})

async function chargedTo(app: TestApp, customer: string): Promise<number> {
  const { data } = await stripeClient(app).charges.list({ customer, limit: 100 })
  return data.reduce((sum, { amount, paid }) => sum + (paid ? amount : 0), 0)
}
