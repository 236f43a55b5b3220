import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, aPayment, auditOf, refundsAtStripe, UNKNOWN_ID } from '../../../test/admin.ts'
import { aMailTo } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { eventsDone, jobsDone, replayEvents } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { calm, chaos, controlStripe, failNext, LOST_ANSWER, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('a refund', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const refund = (id: string, amountCents?: number) =>
    api.admin.payments.refund.mutate({ id, ...(amountCents === undefined ? {} : { amountCents }) })

  test('can be partial and then of the rest, and does not affect access', async () => {
    const { payer, id } = await aPayment(app, api)
    expect(await refund(id, 500)).toMatchObject({ id, status: 'partially_refunded', refundedCents: 500 })
    expect(await reasonOf(refund(id, 1_401))).toBe('INVALID_INPUT')
    expect(await reasonOf(refund(id, 0))).toBe('INVALID_INPUT')
    expect(await refund(id)).toMatchObject({ status: 'refunded', refundedCents: 1_900 })
    expect(await reasonOf(refund(id))).toBe('NOT_REFUNDABLE')
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([500, 1_400])
    await eventsDone(app)
    const mail = await aMailTo(payer.email, /^We refunded \$5\.00$/)
    expect(mail.text).toContain('We refunded $5.00 of your payment for Pro.\n\nInvoice: ')
    expect(mail.text).toContain('5 to 10 business days')
    const rest = await aMailTo(payer.email, /^We refunded \$14\.00$/)
    expect(rest.text).toContain('$14.00 of your payment for Pro. It is now refunded in full.')

    const own = (await app.as(payer)).api
    expect((await own.billing.payments.list.query({})).items).toMatchObject([
      { status: 'refunded', refundedCents: 1_900 },
    ])
    expect(await own.billing.subscriptions.current.query()).toMatchObject({ hasAccess: true })
    expect(await auditOf(app, id)).toMatchObject([
      {
        action: 'payment.refund',
        before: { refundedCents: 0 },
        after: { refundedCents: 500, refund: { amountCents: 500 } },
      },
      { action: 'payment.refund', after: { refundedCents: 1_900 } },
    ])
  })

  test('made in the dashboard sends one email, and one made here sends no second', async () => {
    const { payer, id } = await aPayment(app, api)
    await refund(id, 500)
    const [charge] = (await stripeClient(app).charges.list({ customer: payer.stripeCustomerId })).data
    const atStripe = async (amount: number) => stripeClient(app).refunds.create({ charge: charge?.id ?? '', amount })
    await atStripe(300)
    await eventsDone(app)
    await aMailTo(payer.email, /^We refunded \$3\.00$/)
    await replayEvents(app, payer.stripeCustomerId)
    // Two that one comparison finds, without an event of either.
    await chaos(app, { drop: 1 })
    await atStripe(200)
    await atStripe(100)
    await chaos(app)
    await stripeClient(app).charges.update(charge?.id ?? '', { description: 'Sorry' })
    await refund(id, 800)
    await eventsDone(app)
    await jobsDone(app, 'send-mail')
    const { items } = await api.admin.mails.list.query({ email: payer.email, template: 'payment-refunded' })
    expect(items.map(({ subject }) => subject).toSorted()).toEqual(
      ['$1.00', '$2.00', '$3.00', '$5.00', '$8.00'].map((amount) => `We refunded ${amount}`),
    )
    // Only the last one, which is ours, leaves nothing.
    expect((await aMailTo(payer.email, /^We refunded \$8\.00$/)).text).toContain('refunded in full')
    expect((await aMailTo(payer.email, /^We refunded \$1\.00$/)).text).not.toContain('refunded in full')
    expect(await auditOf(app, id)).toHaveLength(2)
  })

  test('that the bank refuses later sends one email about that, and the payment shows it', async () => {
    const { payer, id } = await aPayment(app, api)
    await refund(id, 500)
    const [charge] = (await stripeClient(app).charges.list({ customer: payer.stripeCustomerId })).data
    await stripeClient(app).refunds.create({ charge: charge?.id ?? '', amount: 300 })
    await eventsDone(app)
    const [operators, ours] = (await stripeClient(app).refunds.list({ charge: charge?.id ?? '' })).data
    for (const made of [operators, ours]) await controlStripe(app, 'POST', `refunds/${made?.id}/fail`)
    await eventsDone(app)
    await replayEvents(app, payer.stripeCustomerId)
    await jobsDone(app, 'send-mail')
    const { items } = await api.admin.mails.list.query({ email: payer.email, template: 'payment-refund-failed' })
    expect(items.map(({ subject }) => subject).toSorted()).toEqual([
      "Our refund of $3.00 didn't go through",
      "Our refund of $5.00 didn't go through",
    ])
    expect((await aMailTo(payer.email, /^Our refund of \$3\.00/)).text).toContain('We still owe you the amount')
    const [payment] = (await api.admin.payments.list.query({ userId: payer.id })).items
    expect(payment).toMatchObject({ status: 'succeeded', refundedCents: 0 })
  })

  test('is made once when five requests come at the same moment', async () => {
    const { payer, id } = await aPayment(app, api)
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => reasonOf(refund(id))))
    for (const outcome of outcomes) expect(['fine', 'NOT_REFUNDABLE']).toContain(outcome)
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([1_900])
    expect(await auditOf(app, id)).toHaveLength(1)
  })

  test.each(
    firstOf(1, [
      ['makes the refund but its answer is lost', LOST_ANSWER],
      ['is down', {}],
    ]),
  )('is made once by a repeat when Stripe %s', async (_, failure) => {
    const { payer, id } = await aPayment(app, api)
    await failNext(app, failure)
    expect(await reasonOf(refund(id, 700))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    expect(await refund(id, 700)).toMatchObject({ status: 'partially_refunded', refundedCents: 700 })
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([700])
    expect(await auditOf(app, id)).toHaveLength(1)
    const { items } = await api.admin.mails.list.query({ email: payer.email, template: 'payment-refunded' })
    expect(items.map(({ subject }) => subject)).toEqual(['We refunded $7.00'])
  })

  test('that failed midway is completed before another one is made', async () => {
    const { payer, id } = await aPayment(app, api)
    await failNext(app)
    expect(await reasonOf(refund(id, 700))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    expect(await refund(id, 200)).toMatchObject({ refundedCents: 900 })
    expect((await refundsAtStripe(app, payer.stripeCustomerId)).toSorted()).toEqual([200, 700])
  })

  test('gives up when another unfinished one comes first every time', async () => {
    const { payer, id } = await aPayment(app, api)
    const { em } = app.scope()
    await em.execute(
      `create function ask_again() returns trigger language plpgsql as $$ begin
         insert into refunds (id, payment_id, amount, is_full, status, created_at)
           values (gen_random_uuid(), old.payment_id, old.amount + 1, false, 'requested', old.created_at);
         return null;
       end $$`,
    )
    await em.execute('create trigger ask_again after delete on refunds for each row execute function ask_again()')
    await em.execute(
      `insert into refunds (id, payment_id, amount, is_full, status, created_at)
       values (gen_random_uuid(), ?, 100, false, 'requested', now() - interval '1 hour')`,
      [id],
    )
    expect(await reasonOf(refund(id, 500))).toBe('BUSY')
    await em.execute('drop trigger ask_again on refunds')
    expect(await refund(id, 500)).toMatchObject({ refundedCents: 500 })
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([500])
  })

  test('is refused when the payment was already refunded at Stripe, and the payment is updated', async () => {
    await using app = await createTestApp({}, { worker: false })
    const admin = (await anAdmin(app)).api
    const payer = await aPayingUser(app, 'pro', { wait: false })
    const { api } = await app.as(payer)
    await api.billing.subscriptions.sync.mutate({ sessionId: payer.sessionId })
    const [payment] = (await api.billing.payments.list.query({})).items
    const stripe = stripeClient(app)
    const [charge] = (await stripe.charges.list({ customer: payer.stripeCustomerId })).data
    await stripe.refunds.create({ charge: charge?.id ?? '' })

    const id = payment?.id ?? ''
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id }))).toBe('NOT_REFUNDABLE')
    expect((await api.billing.payments.list.query({})).items).toMatchObject([
      { status: 'refunded', refundedCents: 1_900 },
    ])
  })

  test('is refused for a failed, disputed, pending, uncollectible or unknown payment', async () => {
    const { payer, id } = await aPayment(app, api)
    const { em } = app.scope()
    for (const status of ['failed', 'disputed', 'pending', 'uncollectible']) {
      await em.execute('update payments set status = ? where user_id = ?', [status, payer.id])
      expect(await reasonOf(refund(id))).toBe('NOT_REFUNDABLE')
    }
    expect(await reasonOf(refund(UNKNOWN_ID))).toBe('PAYMENT_NOT_FOUND')
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([])
  })

  test('shows in the list of all payments, which has pages, a status filter, and finds an invoice', async () => {
    const { id } = await aPayment(app, api)
    await refund(id)
    const refunded = await api.admin.payments.list.query({ status: 'refunded' })
    expect(refunded.items.map((payment) => payment.id)).toContain(id)
    const { invoiceNumber, providerInvoiceId } = await api.admin.payments.get.query({ id })
    for (const invoice of [invoiceNumber?.toLowerCase(), providerInvoiceId])
      expect((await api.admin.payments.list.query({ invoice })).items.map((payment) => payment.id)).toEqual([id])
    expect((await api.admin.payments.list.query({ invoice: 'none' })).items).toEqual([])
    for (const { status } of refunded.items) expect(status).toBe('refunded')

    const first = await api.admin.payments.list.query({ limit: 2 })
    const second = await api.admin.payments.list.query({ limit: 2, cursor: first.nextCursor })
    expect(first.items[0]?.id).toBe(id)
    expect(new Set([...first.items, ...second.items].map((payment) => payment.id)).size).toBe(4)
  })
})
