import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, advanceTo, eventsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { chargeOf, controlStripe, failCharges, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { DAY, HOUR, MINUTE } from '../../platform/durations.ts'
import { withTimeBudget } from '../billing-scope.ts'

describe('a payment', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const clients = new Map<string, TollgateClient>()
  const billingOf = async (user: PayingUser) => {
    const client = clients.get(user.id) ?? (await app.as(user))
    clients.set(user.id, client)
    return client.api.billing
  }
  const paymentsOf = async (user: PayingUser) => (await (await billingOf(user)).payments.list.query({})).items
  const chargeIdOf = async ({ stripeCustomerId }: PayingUser) => (await chargeOf(app, stripeCustomerId)).id

  test('that fails and later succeeds is one row, and its grace period starts when its invoice was finalized', async () => {
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = await billingOf(user)
    const end = (await subscriptions.current.query())?.currentPeriodEnd ?? new Date()
    await failCharges(app, user.stripeCustomerId, true)
    await advanceTo(app, after(end, 2 * HOUR))
    const overdue = await subscriptions.current.query()
    expect(overdue).toMatchObject({ status: 'past_due', hasAccess: true, accessReason: 'past_due_grace' })
    // Stripe finalizes a renewal's invoice an hour after the period's end.
    expect(overdue?.accessUntil).toEqual(after(end, HOUR + 3 * DAY))
    const [failed, first] = await paymentsOf(user)
    expect([failed?.status, first?.status]).toEqual(['failed', 'succeeded'])
    const { text } = await aMailTo(user.email, /didn't go through/)
    expect(text).toContain('$19.00')
    const [, named] = /your access ends on (.+) UTC\./.exec(text) ?? []
    expect(Date.parse(`${named?.replace(' at', '')} UTC`)).toBe(
      Math.floor((overdue?.accessUntil?.getTime() ?? 0) / MINUTE) * MINUTE,
    )

    await advance(app, { days: 4 })
    expect(await subscriptions.current.query()).toMatchObject({
      status: 'past_due',
      hasAccess: false,
      accessReason: 'past_due',
    })
    expect((await mailsTo(user.email)).filter(({ subject }) => /didn't go through/.test(subject))).toHaveLength(1)

    await failCharges(app, user.stripeCustomerId, false)
    await advance(app, { days: 3 })
    expect(await subscriptions.current.query()).toMatchObject({
      status: 'active',
      hasAccess: true,
      accessReason: 'active',
    })
    const paid = await paymentsOf(user)
    expect(paid.map(({ id, status }) => [id, status])).toEqual([
      [failed?.id, 'succeeded'],
      [first?.id, 'succeeded'],
    ])
    await aMailTo(user.email, /has been renewed/)
  })

  test('starts the grace period at the oldest open invoice when two are open', async () => {
    await controlStripe(app, 'PUT', 'settings', { retryAfterDays: [], afterRetries: 'leave_past_due' })
    const user = await aPayingUser(app, 'pro')
    await failCharges(app, user.stripeCustomerId, true)
    await advance(app, { days: 32 })
    await advance(app, { days: 31 })
    const open = (await stripeClient(app).invoices.list({ customer: user.stripeCustomerId, status: 'open' })).data
    expect(open).toHaveLength(2)
    const oldest = Math.min(...open.map(({ status_transitions }) => status_transitions.finalized_at ?? Infinity))
    const [row] = await app
      .scope()
      .em.execute<{ since: number }[]>(
        'select extract(epoch from past_due_since)::int as since from subscriptions where user_id = ?',
        [user.id],
      )
    expect(row?.since).toBe(oldest)
  })

  test('is refunded in part, and then in full', async () => {
    const user = await aPayingUser(app, 'pro')
    const charge = await chargeIdOf(user)
    const stripe = stripeClient(app)
    await stripe.refunds.create({ charge, amount: 700 })
    await eventsDone(app)
    expect(await paymentsOf(user)).toMatchObject([{ status: 'partially_refunded', refundedCents: 700 }])
    await stripe.refunds.create({ charge })
    await eventsDone(app)
    expect(await paymentsOf(user)).toMatchObject([{ status: 'refunded', refundedCents: 1_900, amountCents: 1_900 }])
    // A refund does not cancel the subscription.
    expect(await (await billingOf(user)).subscriptions.current.query()).toMatchObject({ hasAccess: true })
  })

  test('counts as paid again when its refund fails at the bank', async () => {
    const user = await aPayingUser(app, 'pro')
    const { id } = await stripeClient(app).refunds.create({ charge: await chargeIdOf(user) })
    await eventsDone(app)
    expect(await paymentsOf(user)).toMatchObject([{ status: 'refunded', refundedCents: 1_900 }])
    await controlStripe(app, 'POST', `refunds/${id}/fail`)
    await eventsDone(app)
    expect(await paymentsOf(user)).toMatchObject([{ status: 'succeeded', refundedCents: 0 }])
  })

  const disputeOf = async (id: string) =>
    (
      await app.scope().em.execute<object[]>(
        `select *, extract(epoch from due_by)::int as due, extract(epoch from opened_at)::int as opened
         from disputes where provider_dispute_id = ?`,
        [id],
      )
    )[0]

  test.each([
    ['won', 'succeeded', 'winning_evidence'],
    ['lost', 'disputed', 'losing_evidence'],
  ] as const)('is disputed; once the dispute is %s, its status is %s', async (outcome, status, text) => {
    const user = await aPayingUser(app, 'pro', { card: '4000000000000259' })
    await until('the dispute', async () => (await paymentsOf(user))[0]?.status === 'disputed')
    const stripe = stripeClient(app)
    const [dispute] = (await stripe.disputes.list({ charge: await chargeIdOf(user) })).data
    const id = dispute?.id ?? ''
    expect(await disputeOf(id)).toMatchObject({
      ...{ reason: 'fraudulent', status: 'needs_response', is_inquiry: false, has_evidence: false },
      ...{ amount: '1900', currency: 'usd', due: dispute?.evidence_details.due_by, opened: dispute?.created },
    })
    await stripe.disputes.update(dispute?.id ?? '', { evidence: { uncategorized_text: text }, submit: true })
    await eventsDone(app)
    expect(await paymentsOf(user)).toMatchObject([{ status, refundedCents: 0 }])
    expect(await disputeOf(id)).toMatchObject({ status: outcome, has_evidence: true })
  })

  test('that the bank wants confirmed has that status and a link, and sends an email', async () => {
    const user = await aPayingUser(app, 'pro')
    const stripe = stripeClient(app)
    const customer = user.stripeCustomerId
    const strict = await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer })
    const { id } = await stripeSubscriptionOf(app, customer)
    await stripe.subscriptions.update(id, { default_payment_method: strict.id })
    await advance(app, { days: 31, hours: 3 })
    expect((await paymentsOf(user))[0]).toMatchObject({
      status: 'requires_action',
      invoiceUrl: expect.stringMatching(/^http/),
    })
    await aMailTo(user.email, /confirm your payment/)
  })

  test('counts all lines of its invoice: Stripe embeds the first ten, and what has waited comes before the plan', async () => {
    const user = await aPayingUser(app, 'pro')
    const [stripe, customer] = [stripeClient(app), user.stripeCustomerId]
    const { id: subscription } = await stripeSubscriptionOf(app, customer)
    for (let n = 0; n < 12; n += 1) {
      await stripe.invoiceItems.create({ customer, subscription, amount: 5, currency: 'usd' })
    }
    await advance(app, { days: 32 })
    const [{ id, lines } = { id: '', lines: null }] = (await stripe.invoices.list({ subscription })).data
    expect(lines).toMatchObject({ has_more: true, data: { length: 10 } })
    const { provider } = withTimeBudget(app.scope()).billing
    expect(await provider.fetchInvoice(id)).toMatchObject({ amountCents: 1_960, chargedCents: 1_960 })
    const latest = (await provider.fetchSubscription(subscription))?.latestInvoice
    expect(latest).toMatchObject({ id, chargedCents: 1_960 })
  })

  test('in a currency without decimals counts whole units, and becomes uncollectible or canceled with its invoice', async () => {
    await aPlan(app, { code: 'yen', priceCents: 500, currency: 'jpy' })
    const user = await aPayingUser(app, 'yen')
    expect(await paymentsOf(user)).toMatchObject([{ amountCents: 500, currency: 'jpy', status: 'succeeded' }])
    expect((await aMailTo(user.email, /has started/)).text).toContain('¥500')

    await failCharges(app, user.stripeCustomerId, true)
    await advance(app, { days: 31, hours: 3 })
    const stripe = stripeClient(app)
    const [open] = (await stripe.invoices.list({ customer: user.stripeCustomerId, status: 'open' })).data
    await stripe.invoices.markUncollectible(open?.id ?? '')
    await eventsDone(app)
    expect((await paymentsOf(user))[0]?.status).toBe('uncollectible')
    await stripe.invoices.voidInvoice(open?.id ?? '')
    await eventsDone(app)
    expect((await paymentsOf(user))[0]?.status).toBe('canceled')
  })
})
