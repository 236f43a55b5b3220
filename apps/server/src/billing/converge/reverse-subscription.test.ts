import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { payOnPage } from '../../../test/pay.ts'
import { eventsDone, jobsDone } from '../../../test/progress.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { ReverseSubscription } from '../billing.queues.ts'

describe('a subscription that should never have been bought', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const customerOf = async (userId: string) => {
    const [row] = await app
      .scope()
      .em.execute<{ id: string }[]>('select provider_customer_id as id from customers where user_id = ?', [userId])
    return row?.id ?? ''
  }

  test.each([
    ['in part', 1_000],
    ['in full', 3_000],
  ])('gives back what was paid %s from the balance, once', async (_share, balance) => {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    const customer = await customerOf(user.id)
    await stripeClient(app).customers.update(customer, { balance: -balance })
    await app.stopWorker()
    await payOnPage(checkoutUrl)
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    await app.startWorker()
    await eventsDone(app)
    await jobsDone(app, 'reverse-subscription')
    const { charged, refunded, credit } = await ledgerOf(app, customer)
    expect({ paid: charged - refunded, credit }).toEqual({ paid: 0, credit: balance })

    // A repeat finds what was given back, however late it runs, and gives nothing back twice.
    const [row] = await app
      .scope()
      .em.execute<{ id: string }[]>('select id from subscriptions where user_id = ?', [user.id])
    const subscriptionId = row?.id ?? ''
    await app.scope().em.transactional(async (em) => app.deps.jobs.send(em, ReverseSubscription, { subscriptionId }))
    await jobsDone(app, 'reverse-subscription')
    expect(await ledgerOf(app, customer)).toMatchObject({ charged, refunded, credit })
  })
})
