import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailsTo, until } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone, replayEvents } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { chaos, failCharges, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { applyEvent } from './apply-event.ts'

describe("Stripe's events", () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const select = async (sql: string, userId: string) => app.scope().em.execute<Record<string, unknown>[]>(sql, [userId])
  /** All rows that events have written, without their timestamps. */
  const rowsOf = async (userId: string) => {
    const subscriptions = await select('select * from subscriptions where user_id = ? order by id', userId)
    const payments = await select('select * from payments where user_id = ? order by id', userId)
    return [...subscriptions, ...payments].map(({ updated_at: _, ...row }) => row)
  }

  test('leave the same rows and mails when they are applied again, in another order and several at once', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    await payOnPage((await api.billing.subscriptions.upgrade.mutate({ planCode: 'vip' })).checkoutUrl)
    await until('the upgrade', async () => (await api.billing.subscriptions.current.query())?.plan.code === 'vip')
    // Before a month passes in a moment: a subscription that is not ended by then would be renewed again.
    await jobsDone(app, 'cancel-superseded')
    await failCharges(app, user.stripeCustomerId, true)
    await advance(app, { days: 34 })
    await failCharges(app, user.stripeCustomerId, false)
    await advance(app, { days: 6 })
    const [charge] = (await stripeClient(app).charges.list({ customer: user.stripeCustomerId })).data
    await stripeClient(app).refunds.create({ charge: charge?.id ?? '', amount: 300 })
    await eventsDone(app)
    await jobsDone(app, 'cancel-superseded', 'send-mail')

    const [rows, mails] = [await rowsOf(user.id), (await mailsTo(user.email)).length]
    expect(rows).toHaveLength(2 + 3)
    await replayEvents(app, user.stripeCustomerId)
    await jobsDone(app, 'send-mail')
    expect(await rowsOf(user.id)).toEqual(rows)
    expect(await mailsTo(user.email)).toHaveLength(mails)
  })

  longTest('lead to the same result when they are dropped, doubled, late, and out of order', async () => {
    await chaos(app, { duplicate: 0.5, reorder: 0.7 })
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await subscriptions.cancel.mutate()
    await subscriptions.resume.mutate()
    await subscriptions.change.mutate({ planCode: 'vip' })
    await advance(app, { days: 33 })
    await chaos(app)
    await eventsDone(app)
    expect(await subscriptions.current.query()).toMatchObject({
      plan: { code: 'vip' },
      status: 'active',
      hasAccess: true,
    })
    const { items } = await (await app.as(user)).api.billing.payments.list.query({})
    expect(items.map(({ status, amountCents }) => [status, amountCents])).toEqual([
      ['succeeded', 4_900],
      ['succeeded', expect.any(Number)],
      ['succeeded', 1_900],
    ])
  })

  test('take over a plan’s new name from Stripe, and put an archived price back on offer', async () => {
    const stripe = stripeClient(app)
    const { id } = await aPlan(app, { code: 'shelf' })
    await aPayingUser(app, 'shelf')
    const product = `plan_${id}`
    const [price] = (await stripe.prices.list({ product })).data
    await stripe.products.update(product, { name: 'Top shelf' })
    await eventsDone(app)
    const named = async () => (await app.client().api.billing.plans.get.query({ id })).name
    expect(await named()).toBe('Top shelf')

    await stripe.prices.update(price?.id ?? '', { active: false })
    await eventsDone(app)
    await jobsDone(app, 'sync-plan')
    expect((await stripe.prices.retrieve(price?.id ?? '')).active).toBe(true)
    expect(await named()).toBe('Top shelf')
  })

  test('need few round trips to the database', async () => {
    const user = await aPayingUser(app, 'pro')
    const [event] = await app
      .scope()
      .em.execute<{ id: string }[]>(
        "update provider_events set status = 'received' where type = 'invoice.paid' and payload::text like ? returning id",
        [`%${user.stripeCustomerId}%`],
      )
    const statements: string[] = []
    const scope = app.scope()
    const logger = scope.em.config.getLogger()
    logger.setDebugMode(['query'])
    const log = logger.logQuery.bind(logger)
    logger.logQuery = ({ query = '' }) => void statements.push(query)
    try {
      await applyEvent(scope, { eventId: event?.id ?? '' })
    } finally {
      logger.logQuery = log
      logger.setDebugMode(false)
    }
    expect(statements.at(-1)).toMatch(/^commit/i)
    expect(statements.length).toBeLessThanOrEqual(15) // one of them keeps what the event has changed, for operators
  })
})
