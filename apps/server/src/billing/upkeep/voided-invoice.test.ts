import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailsTo } from '../../../test/inbox.ts'
import { advance, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { chaos, failCharges, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { expireSubscriptions } from './expire-subscriptions.ts'
import { reconcile } from './reconcile.ts'

describe('a payment whose invoice was voided without an event', () => {
  let app: TestApp
  let payer: PayingUser
  let invoice = ''
  beforeAll(async () => {
    app = await createTestApp()
    payer = await aPayingUser(app, 'pro')
    await failCharges(app, payer.stripeCustomerId, true)
    await advance(app, { days: 32 })
    await chaos(app, { drop: 1 })
    const stripe = stripeClient(app)
    invoice = (await stripe.invoices.list({ customer: payer.stripeCustomerId, status: 'open' })).data[0]?.id ?? ''
    await stripe.invoices.voidInvoice(invoice)
    // So that only a recheck can find it, as when Stripe has forgotten the event.
    await app.stripe.advance({ hours: 2 })
    await write(
      `insert into provider_cursors (provider, listed_until) values ('stripe', now() + interval '9 years')
       on conflict (provider) do update set listed_until = excluded.listed_until`,
    )
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const write = (sql: string, values: unknown[] = []) => app.scope().em.execute(sql, values)
  const current = async () => (await app.as(payer)).api.billing.subscriptions.current.query()
  const payment = (status: string) =>
    write('update payments set status = ? where provider_invoice_id = ?', [status, invoice])
  const subscription = (set: string, values: unknown[] = []) =>
    write(`update subscriptions set ${set} where user_id = ?`, [...values, payer.id])
  const isCanceled = (from: string) =>
    expect.arrayContaining([
      { kind: 'corrected', object_type: 'payment', before: { status: from }, after: { status: 'canceled' } },
    ])
  const findings = () => write('select kind, object_type, before, after from reconciliation_findings')

  test('does not stop the reconciler from correcting its customer, who is past due no longer', async () => {
    expect(await current()).toMatchObject({ status: 'past_due' })
    expect(await reconcile(app.scope())).toMatchObject({ failures: [] })
    expect(await findings()).toEqual(isCanceled('failed'))
    expect(await current()).toMatchObject({ status: 'active', hasAccess: true })
  })

  test.each(['requires_action', 'uncollectible', 'succeeded', 'refunded', 'disputed'])(
    'is corrected from %s with its subscription',
    async (status) => {
      await payment(status)
      await subscription("status = 'past_due', past_due_since = now()")
      expect(await reconcile(app.scope())).toMatchObject({ failures: [] })
      expect(await findings()).toEqual(isCanceled(status))
    },
  )

  test.each(['pending', 'requires_action'])('is corrected from %s by its invoice', async (status) => {
    await write('delete from reconciliation_findings')
    await payment(status)
    expect(await reconcile(app.scope())).toMatchObject({ failures: [], corrected: [{ objectId: invoice }] })
    expect(await findings()).toEqual(isCanceled(status))
  })

  test('does not stop the sweep, and mails no end', async () => {
    await write('delete from reconciliation_findings')
    await payment('failed')
    await subscription("status = 'past_due', current_period_end = ?", [after(app.stripe.now(), -DAY)])
    expect(await expireSubscriptions(app.scope())).toMatchObject({ ended: 0, asked: 1, corrected: 2, failures: [] })
    expect(await findings()).toEqual(isCanceled('failed'))
    await jobsDone(app, 'send-mail')
    const subjects = (await mailsTo(payer.email)).map(({ subject }) => subject)
    expect(subjects.filter((subject) => /has ended/.test(subject))).toEqual([])
  })
})
