import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { advance } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { calm, chaos, failNext, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { reconcileNow } from '../../verbs/reconcile.ts'
import { reconcile } from './reconcile.ts'

describe('the reconciler', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
  })
  afterEach(async () => {
    await calm(app)
    await chaos(app)
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const subscriptionIdOf = async (customer: string) => (await stripeSubscriptionOf(app, customer)).id
  const subjectsTo = async (email: string) => (await mailsTo(email)).map(({ subject }) => subject).toSorted()

  test('recovers a purchase without any event, with its email, and a repeat finds nothing more', async () => {
    await chaos(app, { drop: 1 })
    const payer = await aPayingUser(app, 'pro', { wait: false })
    const { api } = await app.as(payer)
    expect(await api.billing.subscriptions.current.query()).toBeNull()

    const done = await reconcile(app.scope())
    expect(done.recovered).toBeGreaterThan(3)
    expect(done.failures).toEqual([])
    expect(await api.billing.subscriptions.current.query()).toMatchObject({ status: 'active', hasAccess: true })
    expect((await api.billing.payments.list.query({})).items).toMatchObject([{ status: 'succeeded' }])
    await aMailTo(payer.email, /has started/)

    expect(await reconcile(app.scope())).toMatchObject({ recovered: 0, retried: 0, corrected: [], failures: [] })
    expect(await mailsTo(payer.email)).toHaveLength(1)
  })

  longTest('brings rows and emails to the same state after weeks without a single event', async () => {
    const [lucky, unlucky] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
    await chaos(app, { drop: 1 })
    const stripe = stripeClient(app)
    const ids = [await subscriptionIdOf(lucky.stripeCustomerId), await subscriptionIdOf(unlucky.stripeCustomerId)]
    await app.stripe.advance({ days: 33 })
    for (const id of ids) await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    await reconcile(app.scope())
    await chaos(app)
    await advance(app, { days: 33 })

    for (const user of [lucky, unlucky]) {
      await aMailTo(user.email, /has ended/)
      expect(await subjectsTo(user.email)).toEqual([
        'Your Pro subscription has been renewed',
        'Your Pro subscription has ended',
        'Your Pro subscription has started',
        'Your Pro subscription will end',
      ])
    }
  })

  test('applies an event whose job was lost', async () => {
    const payer = await aPayingUser(app, 'pro')
    await app.stopWorker()
    await stripeClient(app).subscriptions.update(await subscriptionIdOf(payer.stripeCustomerId), {
      cancel_at_period_end: true,
    })
    await app.stripe.drained()
    const { em } = app.scope()
    await em.execute("delete from pgboss.job where name = 'apply-stripe-event'")
    await em.execute("update provider_events set received_at = now() - interval '1 hour' where status = 'received'")
    expect(await reconcile(app.scope())).toMatchObject({ recovered: 0, retried: 1 })
    await app.startWorker()
    await aMailTo(payer.email, /will end/)
  })

  test('corrects a wrong row that has no event, and keeps the finding', async () => {
    const payer = await aPayingUser(app, 'pro')
    const id = await subscriptionIdOf(payer.stripeCustomerId)
    const { em } = app.scope()
    await em.execute(
      "update subscriptions set status = 'past_due', past_due_since = now() where provider_subscription_id = ?",
      [id],
    )
    const { corrected } = await reconcile(app.scope())
    expect(corrected).toMatchObject([{ objectType: 'subscription', objectId: id }])
    const findings = await em.execute('select kind, before, after from reconciliation_findings where object_id = ?', [
      id,
    ])
    expect(findings).toMatchObject([
      { kind: 'corrected', before: { status: 'past_due' }, after: { status: 'active', pastDueSince: null } },
    ])
  })

  test('continues with the other customers when one customer’s rows are broken', async () => {
    const [broken, other] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'vip')]
    const { em } = app.scope()
    const ids = [await subscriptionIdOf(broken.stripeCustomerId), await subscriptionIdOf(other.stripeCustomerId)]
    await em.execute("update subscriptions set status = 'unpaid' where user_id in (?, ?)", [broken.id, other.id])
    await em.execute(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'broken row'; end $$;
       create trigger refuse before update on subscriptions for each row
         when (old.provider_subscription_id = '${ids[0]}') execute function refuse()`,
    )
    try {
      const done = await reconcile(app.scope())
      expect(done.failures).toEqual([expect.stringContaining(ids[0] ?? '')])
      expect(done.corrected).toMatchObject([{ objectId: ids[1] }])
    } finally {
      await em.execute('drop trigger refuse on subscriptions; drop function refuse()')
    }
    expect(await reconcile(app.scope())).toMatchObject({ failures: [], corrected: [{ objectId: ids[0] }] })
  })

  test('fails and changes nothing while Stripe is down, and does everything afterwards', async () => {
    await chaos(app, { drop: 1 })
    const payer = await aPayingUser(app, 'pro', { wait: false })
    await failNext(app)
    await expect(reconcile(app.scope())).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_ERROR' })
    const { api } = await app.as(payer)
    expect(await api.billing.subscriptions.current.query()).toBeNull()
    await calm(app)
    expect((await reconcile(app.scope())).recovered).toBeGreaterThan(3)
    expect((await api.billing.subscriptions.current.query())?.hasAccess).toBe(true)
  })

  test('applies a checkout page that was paid long ago', async () => {
    await chaos(app, { drop: 1 })
    const user = await app.aUser()
    const { api } = await app.as(user)
    const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    await payOnPage(checkoutUrl)
    const { em } = app.scope()
    await em.execute("update checkouts set created_at = now() - interval '2 hours' where provider_session_id = ?", [
      sessionId,
    ])
    // So that the events are not read from the provider's list either.
    await em.execute("update provider_cursors set listed_until = now() + interval '9 years'")
    await reconcile(app.scope())
    expect((await api.billing.subscriptions.current.query())?.hasAccess).toBe(true)
  })

  test('succeeds as a verb', async () => {
    const { config, log } = app.deps
    expect(await reconcileNow(config, log)).toBe(0)
    expect(await reconcileNow(config, log, ['--all'])).toBe(0)
  })
})
