import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aBuyerWith } from '../../../test/discounts.ts'
import { aPlan } from '../../../test/plans.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('a discount that runs', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('is carried over by an upgrade as one for the new plan, not as one that is only for the old plan', async () => {
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

  test('gets no second one beside it from an operator who has not seen it', async () => {
    const { api } = await anAdmin(app)
    const create = (name: string) => api.admin.discounts.create.mutate({ name, percentOff: 20, duration: 'forever' })
    const [{ id: one }, { id: other }] = [await create('Sorry'), await create('Sorry again')]
    const user = await aPayingUser(app, 'pro')
    const id = (await (await app.as(user)).api.billing.subscriptions.current.query())?.id ?? ''
    const { applyDiscount, get } = api.admin.subscriptions
    const { discountsRevision: revision } = await get.query({ id })
    await applyDiscount.mutate({ id, discountId: one, revision })
    await expect(applyDiscount.mutate({ id, discountId: other, revision })).rejects.toMatchObject(
      refusal('CONFLICT', 'REVISION_STALE'),
    )
    const seen = await get.query({ id })
    expect(seen.discounts).toMatchObject([{ name: 'Sorry' }])
    const both = await applyDiscount.mutate({ id, discountId: other, revision: seen.discountsRevision })
    expect(both.discounts).toHaveLength(2)
  })
})
