import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { chaos, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('a cancellation', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterEach(() => chaos(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const liveAtStripe = async (customer: string) => (await stripeClient(app).subscriptions.list({ customer })).data[0]
  const subjectsTo = async (address: string) => (await mailsTo(address)).map(({ subject }) => subject)

  test('keeps access until the period ends, can be undone, and sends one mail for each step', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    const before = await subscriptions.current.query()

    const canceled = await subscriptions.cancel.mutate()
    expect(canceled).toMatchObject({
      ...{ id: before?.id, status: 'active', cancelAtPeriodEnd: true, canceledAt: expect.any(Date), endedAt: null },
      ...{ hasAccess: true, accessReason: 'ending', accessUntil: before?.currentPeriodEnd },
    })
    await expect(subscriptions.cancel.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'ALREADY_CANCELING'))
    await aMailTo(user.email, /will end/)

    const resumed = await subscriptions.resume.mutate()
    expect(resumed).toMatchObject({ cancelAtPeriodEnd: false, canceledAt: null, accessReason: 'active' })
    await expect(subscriptions.resume.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'NOT_CANCELING'))

    await subscriptions.cancel.mutate()
    await advance(app, { days: 32 })
    expect(await subscriptions.current.query()).toBeNull()
    await aMailTo(user.email, /has ended/)
    expect((await liveAtStripe(user.stripeCustomerId))?.id).toBeUndefined()
    const [row] = await app
      .scope()
      .em.execute<{ status: string; ended: boolean }[]>(
        'select status, ended_at = current_period_end as ended from subscriptions where user_id = ?',
        [user.id],
      )
    expect(row).toEqual({ status: 'canceled', ended: true })
    expect((await subjectsTo(user.email)).filter((subject) => /has ended/.test(subject))).toHaveLength(1)
  })

  test("made in Stripe's portal, which sets a date, is shown and undone the same way", async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    const { id = '' } = (await liveAtStripe(user.stripeCustomerId)) ?? {}
    await stripeClient(app).subscriptions.update(id, { cancel_at: 'min_period_end' })
    await until('ending', async () => (await subscriptions.current.query())?.accessReason === 'ending')
    await aMailTo(user.email, /will end/)
    await expect(subscriptions.cancel.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'ALREADY_CANCELING'))

    expect(await subscriptions.resume.mutate()).toMatchObject({ cancelAtPeriodEnd: false, accessReason: 'active' })
    expect(await liveAtStripe(user.stripeCustomerId)).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
    await eventsDone(app)
    expect(await subscriptions.current.query()).toMatchObject({ cancelAtPeriodEnd: false })
  })

  test('of a grant needs no provider, and a paid subscription ends the grant', async () => {
    const user = await app.aUser()
    const { subscriptions } = (await app.as(user)).api.billing
    for (const call of ['cancel', 'resume'] as const) {
      await expect(subscriptions[call].mutate()).rejects.toMatchObject(refusal('NOT_FOUND', 'NO_SUBSCRIPTION'))
    }
    await aGrant(app, user, 'pro')
    expect(await subscriptions.cancel.mutate()).toMatchObject({
      provider: 'manual',
      cancelAtPeriodEnd: true,
      accessReason: 'ending',
    })
    await expect(subscriptions.cancel.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'ALREADY_CANCELING'))
    await aMailTo(user.email, /will end/)
    expect(await subscriptions.resume.mutate()).toMatchObject({ cancelAtPeriodEnd: false, accessReason: 'active' })
    await expect(subscriptions.resume.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'NOT_CANCELING'))
    await jobsDone(app, 'send-mail')
    expect(await subjectsTo(user.email)).toHaveLength(1)
  })

  test('can not be undone once it has taken effect at Stripe, even if our row does not say so yet', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await subscriptions.cancel.mutate()
    await chaos(app, { drop: 1 })
    await stripeClient(app).subscriptions.cancel((await liveAtStripe(user.stripeCustomerId))?.id ?? '')
    await expect(subscriptions.resume.mutate()).rejects.toMatchObject(refusal('CONFLICT', 'NOT_CANCELING'))
    await chaos(app)
    expect(await subscriptions.current.query()).toBeNull()
    await expect(subscriptions.resume.mutate()).rejects.toMatchObject(refusal('NOT_FOUND', 'NO_SUBSCRIPTION'))
  })

  test('made at Stripe with immediate effect ends access immediately', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    await stripeClient(app).subscriptions.cancel((await liveAtStripe(user.stripeCustomerId))?.id ?? '')
    await until('the end', async () => (await subscriptions.current.query()) === null)
    expect((await aMailTo(user.email, /has ended/)).text).toContain("won't be charged")
  })
})
