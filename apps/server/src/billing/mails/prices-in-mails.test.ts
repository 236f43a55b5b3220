import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aBuyerWith } from '../../../test/discounts.ts'
import { aMailTo } from '../../../test/inbox.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { failCharges } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('a mail', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const aCode = async (code: string, percentOff: number) => {
    const { api } = await anAdmin(app)
    await api.admin.discounts.create.mutate({ name: code, code, percentOff, duration: 'repeating', months: 1 })
  }

  test('names the full price if a trial outlasts the discount', async () => {
    await aPlan(app, { code: 'tried', priceCents: 2_000, trialDays: 40 })
    await aCode('SHORT', 50)
    const { user } = await aBuyerWith(app, 'tried', 'SHORT')
    const { text } = await aMailTo(user.email, /has started/)
    expect(text).toContain("We'll charge you $20.00 a month from then on.")
  })

  test('names no credit if a discount leaves nothing to pay', async () => {
    await aCode('ALL', 100)
    const { user } = await aBuyerWith(app, 'pro', 'ALL')
    const { text } = await aMailTo(user.email, /has started/)
    expect(text).toContain(
      'There was nothing to pay this time. Your subscription costs $0.00 a month (discounted until',
    )
    expect(text).not.toContain('credit')
  })

  test('says that a subscription has ended because a payment failed', async () => {
    const user = await aPayingUser(app, 'pro')
    await failCharges(app, user.stripeCustomerId, true)
    await advance(app, { days: 50 })
    const { text } = await aMailTo(user.email, /has ended/)
    expect(text).toContain("because the last payment didn't go through.")
  })
})
