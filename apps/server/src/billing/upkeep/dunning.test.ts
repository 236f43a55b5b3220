import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { chaos, failCharges, failNext, calm, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { expectAllIsTold } from '../../../test/told-events.ts'
import { takeDunningSteps } from './take-dunning-steps.ts'
import { warnOfCards } from './warn-of-cards.ts'

interface Debtor extends PayingUser {
  api: TollgateClient['api']
}

describe('a renewal that fails', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({ PAST_DUE_GRACE: '5d' })
    // Stripe gives up after the last dated step, and the debt stays.
    const response = await fetch(`${app.stripe.url}/_/settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ retryAfterDays: [4, 4], afterRetries: 'leave_past_due' }),
    })
    expect(response.status).toBe(200)
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  /** The failed renewal in each event of the subscription so far. */
  async function toldOf({ id }: Debtor): Promise<unknown[]> {
    await app.deps.events.sequence()
    const events = await app
      .scope()
      .em.execute<{ recovery: unknown }[]>(
        `select data -> 'recovery' as recovery from events where type = 'subscription.changed' and account_id = ? order by version`,
        [id],
      )
    return events.map(({ recovery }) => recovery)
  }

  /** A user whose renewal has just failed. */
  async function aDebtor(): Promise<Debtor> {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    await failCharges(app, user.stripeCustomerId, true)
    const { currentPeriodEnd } = (await api.billing.subscriptions.current.query()) ?? {}
    const left = (currentPeriodEnd?.getTime() ?? 0) - app.stripe.now().getTime()
    await advance(app, { seconds: Math.ceil(left / 1_000) + 2 * 3_600 })
    return { ...user, api }
  }
  const recoveryOf = async ({ api }: Debtor) => (await api.billing.subscriptions.current.query())?.recovery
  const steps = async (debtor: Debtor, days: number) => {
    await advance(app, { days })
    await takeDunningSteps(app.scope())
    return (await recoveryOf(debtor))?.step
  }
  const factsAbout = async ({ email }: Debtor) =>
    (
      await app
        .scope()
        .em.execute<{ fact: string }[]>(
          "select split_part(fact, ':', 1) || ':' || split_part(fact, ':', 3) as fact from mails where recipient = ? and template like 'payment-%' order by id",
          [email],
        )
    ).map(({ fact }) => fact)
  const linkIn = ({ text }: { text: string }) => /http\S+\/billing\/pay\?token=[\w-]{43}/.exec(text)?.[0] ?? ''
  /** As on Stripe's page. */
  const payInvoice = async ({ stripeCustomerId: customer }: Debtor) => {
    const { invoices } = stripeClient(app)
    const [owed] = (await invoices.list({ customer, status: 'open' })).data
    await invoices.pay(owed?.id ?? '')
  }
  const follow = (url: string) => fetch(url, { redirect: 'manual' })

  test('is mailed about once per step, the last one when Stripe has given up, and says so in the app', async () => {
    const debtor = await aDebtor()
    expect(await recoveryOf(debtor)).toMatchObject({
      ...{ step: '0d', action: 'pay', amountDueCents: 1_900, currency: 'usd' },
      ...{ payUrl: expect.stringContaining(app.stripe.url), nextRetryAt: expect.any(Date) },
    })
    expect(await steps(debtor, 1)).toBe('0d')
    expect(await steps(debtor, 2)).toBe('3d')
    // A second run and the hourly recheck find nothing due.
    expect(await steps(debtor, 0)).toBe('3d')
    expect(await steps(debtor, 4)).toBe('7d')
    expect(await recoveryOf(debtor)).toMatchObject({ nextStepAt: null, nextRetryAt: expect.any(Date) })
    expect(await steps(debtor, 2)).toBe('final')
    expect(await recoveryOf(debtor)).toMatchObject({ nextStepAt: null, nextRetryAt: null })
    expect(await steps(debtor, 9)).toBe('final')
    expect(await factsAbout(debtor)).toEqual([
      'payment-failed:',
      'payment-reminder:3d',
      'payment-reminder:7d',
      'payment-reminder:final',
    ])
    await aMailTo(debtor.email, /Last reminder/)
  })

  test('is paid by the link of a mail, without a login, and then no reminder follows', async () => {
    const debtor = await aDebtor()
    await steps(debtor, 3)
    const link = linkIn(await aMailTo(debtor.email, /is still open/))
    const open = await follow(link)
    const recovery = await recoveryOf(debtor)
    expect([open.status, open.headers.get('location')]).toEqual([303, recovery?.payUrl])
    expect((await toldOf(debtor)).at(-1)).toMatchObject({
      step: '3d',
      amountDueCents: recovery?.amountDueCents,
      payUrl: null,
    })
    expect(open.headers.get('cache-control')).toBe('no-store')

    await failCharges(app, debtor.stripeCustomerId, false)
    await payInvoice(debtor)
    // Stripe says so before its event arrives.
    const paid = await follow(link)
    const page = await paid.text()
    expect([paid.status, page]).toEqual([200, expect.stringContaining('Already paid')])
    for (const secret of [debtor.email, debtor.username, debtor.id, debtor.stripeCustomerId, '19'])
      expect(page.replace(/<style>.*<\/style>/s, '')).not.toContain(secret)

    await eventsDone(app)
    expect(await recoveryOf(debtor)).toBeNull()
    expect((await toldOf(debtor)).at(-1)).toBeNull()
    await advance(app, { days: 10 })
    await takeDunningSteps(app.scope())
    expect(await factsAbout(debtor)).toEqual(['payment-failed:', 'payment-reminder:3d'])
  })

  test('is asked about at Stripe first: no reminder is about an invoice that was paid without an event', async () => {
    const debtor = await aDebtor()
    await advance(app, { days: 2 })
    await failCharges(app, debtor.stripeCustomerId, false)
    await chaos(app, { drop: 1 })
    await payInvoice(debtor)
    await advance(app, { days: 1 })
    await chaos(app)
    await failNext(app)
    await expect(takeDunningSteps(app.scope())).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_ERROR' })
    expect((await recoveryOf(debtor))?.step).toBe('0d')
    await calm(app)
    await takeDunningSteps(app.scope())
    expect(await recoveryOf(debtor)).toBeNull()
    expect(await factsAbout(debtor)).toEqual(['payment-failed:'])
  })

  test('begins with the event of another moment, too, and skips the steps that were missed', async () => {
    const user = await aPayingUser(app, 'pro')
    const debtor = { ...user, api: (await app.as(user)).api }
    await failCharges(app, user.stripeCustomerId, true)
    await chaos(app, { drop: 1 })
    await advance(app, { days: 35 })
    await chaos(app)
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripeClient(app).subscriptions.update(id, { metadata: { seen: 'yes' } })
    await eventsDone(app)
    expect((await recoveryOf(debtor))?.step).toBe('3d')
    expect(await factsAbout(debtor)).toEqual(['payment-reminder:3d'])
  })

  test('ends with the account, and its link asks for nothing any more', async () => {
    const debtor = await aDebtor()
    await steps(debtor, 3)
    const link = linkIn(await aMailTo(debtor.email, /is still open/))
    await debtor.api.auth.deactivate.mutate()
    await jobsDone(app, 'account-closed')
    await until('the end of the recovery', async () => {
      const [row] = await app
        .scope()
        .em.execute<{ outcome: string | null }[]>('select outcome from recoveries where account_id = ?', [debtor.id])
      return row?.outcome ?? undefined
    })
    const page = await (await follow(link)).text()
    expect(page).toContain('Nothing to pay')
  })

  test('is listed for operators, and what came back is counted by the mail before', async () => {
    const { api } = await anAdmin(app)
    const debtor = await aDebtor()
    const mine = { account: { id: debtor.id }, amountCents: 1_900, step: '0d', outcome: null, planName: 'Pro' }
    const listed = async (state: 'open' | 'recovered') =>
      (await api.admin.recoveries.list.query({ state, limit: 100 })).items.find(
        ({ account }) => account.id === debtor.id,
      )
    expect(await listed('open')).toMatchObject(mine)
    const recovered = async () =>
      (await api.admin.recoveries.summary.query({ days: 400 })).ended.find(({ step }) => step === '3d')
    const before = await recovered()
    await steps(debtor, 3)
    await failCharges(app, debtor.stripeCustomerId, false)
    await payInvoice(debtor)
    await eventsDone(app)
    expect(await listed('open')).toBeUndefined()
    expect(await listed('recovered')).toMatchObject({ ...mine, step: '3d', outcome: 'recovered', nextStepAt: null })
    expect(await recovered()).toMatchObject({
      ...{ step: '3d', currency: 'usd', recoveredCount: (before?.recoveredCount ?? 0) + 1 },
      recoveredCents: (before?.recoveredCents ?? 0) + 1_900,
    })
    await expect(debtor.api.admin.recoveries.list.query({})).rejects.toMatchObject(refusal('FORBIDDEN', 'ADMIN_ONLY'))
  })

  test('has links that work for a while, and for what they say only', async () => {
    const { url } = app
    const unknown = await follow(`${url}/billing/pay?token=${'a'.repeat(43)}`)
    expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining('not valid')])
    const cut = await follow(`${url}/billing/pay?token=abc`)
    expect([cut.status, await cut.text()]).toEqual([400, expect.stringContaining('not complete')])
    await expect(app.client().api.billing.payLink.mutate({ token: 'b'.repeat(43) })).rejects.toMatchObject(
      refusal('BAD_REQUEST', 'TOKEN_INVALID'),
    )
    const debtor = await aDebtor()
    await steps(debtor, 3)
    const link = linkIn(await aMailTo(debtor.email, /is still open/))
    await app.scope().em.execute("update pay_links set expires_at = now() - interval '1 second'")
    const old = await follow(link)
    expect([old.status, await old.text()]).toEqual([400, expect.stringContaining('expired')])
  })

  test('is announced a month before, if the card will have expired by then: once per card', async () => {
    const [user, other] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'pro')]
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const now = app.stripe.now()
    const expired = await stripeClient(app).paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: now.getUTCMonth() + 1, exp_year: now.getUTCFullYear() },
    })
    await stripeClient(app).paymentMethods.attach(expired.id, { customer: user.stripeCustomerId })
    await stripeClient(app).subscriptions.update(id, { default_payment_method: expired.id })
    await eventsDone(app)
    await advance(app, { days: 2 })
    await warnOfCards(app.scope())
    const { text } = await aMailTo(user.email, /expires soon/)
    expect(text).toContain('card ending in 4242')
    await app.scope().em.execute('delete from card_checks')
    await warnOfCards(app.scope())
    await jobsDone(app, 'send-mail')
    const warnings = async (email: string) =>
      (await mailsTo(email)).filter(({ subject }) => subject.includes('expires soon'))
    expect(await warnings(user.email)).toHaveLength(1)
    // Their card is valid for years.
    expect(await warnings(other.email)).toEqual([])
  })

  test('appears in the event feed, like every other change in these tests', async () => {
    expect(await expectAllIsTold(app)).toBeGreaterThan(0)
  })
})
