import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { advance, aPayingUser, failCharges, jobsDone, stripeClient } from '../../test/billing.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { AccountClosed } from '../auth/index.ts'

describe('when an account is closed', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  test('the bill of a subscription that has ended for want of payment can not be paid any more', async () => {
    const user = await aPayingUser(app, 'pro')
    const stripe = stripeClient(app)
    const statuses = async () =>
      (await stripe.invoices.list({ customer: user.stripeCustomerId })).data.map(({ status }) => status)
    await failCharges(app, user.stripeCustomerId, true)
    await advance(app, { days: 60 })
    expect((await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data).toEqual([])
    expect(await statuses()).toEqual(['open', 'paid'])

    await (await app.as(user)).api.auth.deactivate.mutate()
    await jobsDone(app, AccountClosed.name)
    expect(await statuses()).toEqual(['void', 'paid'])
  })
})
