import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo } from '../../../test/inbox.ts'
import { eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { chargeOf, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { reconcile } from './reconcile.ts'

describe('what happens while the webhook endpoint is disabled', () => {
  let app: TestApp
  let [canceled, refunded]: PayingUser[] = []
  beforeAll(async () => {
    app = await createTestApp()
    ;[canceled, refunded] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const current = async (user: PayingUser) => (await app.as(user)).api.billing.subscriptions.current.query()
  const switchEndpoint = async (disabled: boolean) => {
    const stripe = stripeClient(app)
    for (const { id } of (await stripe.webhookEndpoints.list()).data) {
      await stripe.webhookEndpoints.update(id, { disabled })
    }
  }

  test('is read from Stripe’s list of events, although no event was ever sent', async () => {
    if (!canceled || !refunded) throw new Error('There are two customers.')
    await reconcile(app.scope())
    await switchEndpoint(true)
    const stripe = stripeClient(app)
    await stripe.subscriptions.cancel((await stripeSubscriptionOf(app, canceled.stripeCustomerId)).id)
    await stripe.refunds.create({ charge: (await chargeOf(app, refunded.stripeCustomerId)).id })
    await switchEndpoint(false)
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([])
    expect((await current(canceled))?.status).toBe('active')

    expect(await reconcile(app.scope())).toMatchObject({ failures: [] })
    expect(await current(canceled)).toBeNull()
    const { api } = await app.as(refunded)
    expect((await api.billing.payments.list.query({})).items).toMatchObject([{ status: 'refunded' }])
    await aMailTo(canceled.email, /has ended/)
  })

  test('is applied once: later rounds read the same hour of the list and find nothing new', async () => {
    if (!canceled) throw new Error('There are two customers.')
    const events = () => app.scope().em.execute('select id, attempts, status from provider_events order by id')
    const before = await events()
    expect(await reconcile(app.scope())).toMatchObject({ recovered: 0, retried: 0, corrected: [], failures: [] })
    expect(await events()).toEqual(before)
    await eventsDone(app)
    await jobsDone(app, 'send-mail')
    expect((await mailsTo(canceled.email)).filter(({ subject }) => /has ended/.test(subject))).toHaveLength(1)
  })
})
