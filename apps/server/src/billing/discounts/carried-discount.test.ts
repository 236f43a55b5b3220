import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aBuyerWith } from '../../../test/discounts.ts'
import { aPlan } from '../../../test/plans.ts'
import { stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('a discount that an upgrade by checkout carries over', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('is one for the new plan, not one that is only for the old plan', async () => {
    const { admin } = (await anAdmin(app)).api
    const launch = { name: 'Launch', duration: 'forever' } as const
    await admin.discounts.create.mutate({ ...launch, percentOff: 50, code: 'ONLY-PRO', plans: ['pro'] })
    const { billing, current } = await aBuyerWith(app, 'pro', 'ONLY-PRO')
    const totalOf = async (planCode: string) => {
      const { sessionId } = await billing.subscriptions.upgrade.mutate({ planCode })
      return (await stripeClient(app).checkout.sessions.retrieve(sessionId)).amount_total
    }
    expect(await totalOf('vip')).toBe(4_900)
    const { id: discountId } = await admin.discounts.create.mutate({ ...launch, percentOff: 20 })
    await admin.subscriptions.applyDiscount.mutate({ id: current?.id ?? '', discountId })
    await aPlan(app, { code: 'top', priceCents: 8_000, tier: 'vip' })
    expect(await totalOf('top')).toBe(6_400)
  })
})
