import { setTimeout as sleep } from 'node:timers/promises'
import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atProvider, endForClosedAccount, withTimeBudget } from '../../src/billing/index.ts'
import { reconcileObject } from '../../src/billing/upkeep/reconcile-object.ts'
import { takeDunningSteps } from '../../src/billing/upkeep/take-dunning-steps.ts'
import { aMailTo, until } from '../inbox.ts'
import { firstOf } from '../long.ts'
import { control, delayingFirst } from '../paymob-gateway.ts'
import { advanceBoth, aPaymobPayer, aPaymobPlan, callbacksDone, payAtPaymob, paymobOf } from '../paymob-purchases.ts'
import { jobsDone } from '../progress.ts'
import { createTestApp, type TestApp, type TestUser } from '../test-app.ts'
import { expectAllIsTold } from '../told-events.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({}, { paymob: true })
  await aPaymobPlan(app, 'small', 90_000)
  await aPaymobPlan(app, 'large', 200_000, { tier: 'vip' })
})
afterAll(() => app[Symbol.asyncDispose]())

const rows = async <Row>(sql: string, ...values: unknown[]) => app.scope().em.execute<Row[]>(sql, values)
const billingOf = async (user: TestUser) => (await app.as(user)).api.billing

test.each(
  firstOf(2, [
    ['egp', 90_050, 'EGP 900.50', '900.50'],
    // Three decimals.
    ['omr', 10_500, 'OMR 10.500', '10.500'],
    ['sar', 7_525, 'SAR 75.25', '75.25'],
    ['aed', 9_999, 'AED 99.99', '99.99'],
  ]),
)(
  'a plan in %s has the right amount from the page to the mail, the refund and the CSV',
  async (currency, priceCents, shown, inCsv) => {
    const planCode = `pro-${currency}`
    await aPaymobPlan(app, planCode, priceCents, { currency })
    const payer = await aPaymobPayer(app, planCode)
    const { api } = await app.as(payer)
    expect(await api.billing.subscriptions.current.query()).toMatchObject({ priceCents, currency, provider: 'paymob' })
    const { text } = await aMailTo(payer.email, /has started/)
    expect(text.replaceAll(/\s/g, ' ')).toContain(shown)
    expect(text.replaceAll(/\s/g, ' ')).toContain(`${long.format(nextBilling(payer.email))} (Cairo time)`)

    const admin = await app.as(await app.aUser({ isAdmin: true }))
    const [payment] = (await admin.api.admin.payments.list.query({ userId: payer.id })).items
    expect(payment).toMatchObject({ amountCents: priceCents, currency, status: 'succeeded' })
    await admin.api.admin.payments.refund.mutate({ id: payment?.id ?? '', amountCents: 500 })
    await callbacksDone(app)
    await until('the refund', async () => {
      const { items } = await api.billing.payments.list.query({})
      return items[0]?.refundedCents === 500
    })
    const { csv } = await api.billing.payments.export.query({})
    expect(csv).toContain(inCsv)
    expect(csv.toLowerCase()).toContain(currency)
  },
)

test('a refund in the dashboard sends one email, and another if it fails later; one made here has its own', async () => {
  const payer = await aPaymobPayer(app, 'small')
  const [payment] = await rows<{ id: string; at: string }>(
    'select id, provider_payment_id as at from payments where account_id = ?',
    payer.id,
  )
  const { id = '', at = '' } = payment ?? {}
  const admin = await app.as(await app.aUser({ isAdmin: true }))
  await admin.api.admin.payments.refund.mutate({ id, amountCents: 5_000 })
  const made = await fetch(`${paymobOf(app).url}/api/acceptance/void_refund/refund`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Token ${paymobOf(app).secretKey}` },
    body: JSON.stringify({ transaction_id: Number(at), amount_cents: 7_000 }),
  })
  const { id: refundId } = (await made.json()) as { id: number }
  const mailed = async (template: string) => {
    await callbacksDone(app)
    const { items } = await admin.api.admin.mails.list.query({ email: payer.email, template })
    return items.map(({ subject }) => (subject ?? '').replaceAll(/\s/g, ' ')).toSorted()
  }
  expect(await mailed('payment-refunded')).toEqual(['We refunded EGP 50.00', 'We refunded EGP 70.00'])
  await control(paymobOf(app), 'POST', `refunds/${refundId}/fail`)
  expect(await mailed('payment-refund-failed')).toEqual(["Our refund of EGP 70.00 didn't go through"])
  expect(await mailed('payment-refunded')).toHaveLength(2)
  const [after] = (await admin.api.admin.payments.list.query({ userId: payer.id })).items
  expect(after).toMatchObject({ status: 'partially_refunded', refundedCents: 5_000 })
})

test('a subscription keeps both notes when it is changed and refunded in the same moment', async () => {
  const user = await aPaymobPayer(app, 'small')
  const { subscriptions } = await billingOf(user)
  const admin = await app.as(await app.aUser({ isAdmin: true }))
  const [payment] = await rows<{ id: string; at: string }>(
    'select id, provider_payment_id as at from payments where account_id = ?',
    user.id,
  )
  const { id = '', at = '' } = payment ?? {}
  // The refund is noted late. Meanwhile, the change must not note anything, or the refund's notes would replace its.
  const { isOnItsWay, release } = delayingFirst('register_webhook')
  const refunded = admin.api.admin.payments.refund.mutate({ id, amountCents: 5_000 })
  await isOnItsWay
  const changed = subscriptions.change.mutate({ planCode: 'large' })
  await sleep(1_000)
  release()
  await Promise.all([changed, refunded])
  const { provider } = withTimeBudget(atProvider(app.scope(), 'paymob')).billing
  const [refund] = await rows<{ key: string }>('select id as key from refunds where payment_id = ?', id)
  expect(await provider.hasRefund({ key: refund?.key ?? '', paymentId: at })).toBe(true)
  await callbacksDone(app)
  expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'large' } })
})

test('a subscription ends with an account that is closed while the settings of the provider are missing, once they are back', async () => {
  const user = await aPaymobPayer(app, 'small')
  await app.stopWorker()
  await (await app.as(user)).api.auth.deactivate.mutate()
  const scope = app.scope()
  const providers = new Map([...scope.billing.providers].filter(([name]) => name !== 'paymob'))
  await endForClosedAccount({ ...scope, billing: { ...scope.billing, providers } }, { accountId: user.id })
  const ofUser = 'select status, cancel_at_period_end as ending from subscriptions where account_id = ?'
  expect(await rows(ofUser, user.id)).toEqual([{ status: 'active', ending: false }])
  expect(await rows('select kind from reconciliation_findings where account_id = ?', user.id)).toEqual([
    { kind: 'unknown_at_provider' },
  ])

  await rows("delete from pgboss.job where name = 'account-closed'")
  await app.startWorker()
  const [own] = await rows<{ id: string }>(
    'select provider_subscription_id as id from subscriptions where account_id = ?',
    user.id,
  )
  const object = { kind: 'subscription', id: own?.id ?? '', accountId: user.id } as const
  await reconcileObject(atProvider(app.scope(), 'paymob'), paymobOf(app).now(), object)
  await jobsDone(app, 'end-billing')
  expect(await rows(ofUser, user.id)).toEqual([{ status: 'active', ending: true }])
})

describe('a renewal that fails, whose invoice has no page', () => {
  const DECLINED_LATER = { card: '4000000000000341' }

  interface Debtor extends TestUser {
    api: TollgateClient['api']
  }
  const recoveryOf = async ({ api }: Debtor) => (await api.billing.subscriptions.current.query())?.recovery
  const linkIn = ({ text }: { text: string }) => /http\S+\/billing\/pay\?token=[\w-]{43}/.exec(text)?.[0] ?? ''
  const follow = (url: string) => fetch(url, { redirect: 'manual' })
  const stepsMailed = async ({ email }: Debtor) =>
    (
      await rows<{ step: string }>(
        "select split_part(fact, ':', 3) as step from mails where recipient = ? and template like 'payment-%' order by id",
        email,
      )
    ).map(({ step }) => step)

  /** Their first renewal has failed, and the next ones will, too. */
  async function aPaymobDebtor(): Promise<Debtor> {
    const user = await app.aUser()
    const { api } = await app.as(user)
    const { sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'small' })
    await payAtPaymob(app, sessionId, DECLINED_LATER)
    await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess)
    await advanceBoth(app, { days: 31 })
    return { ...user, api }
  }
  const steps = async (debtor: Debtor, days: number) => {
    await advanceBoth(app, { days })
    await takeDunningSteps(app.scope())
    return (await recoveryOf(debtor))?.step
  }
  /** Presses the button of the page that a mail leads to, without a login. @returns the reference of Paymob's page. */
  const openPage = async (link: string, title: string) => {
    const page = await follow(link)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(title)])
    const body = new URLSearchParams({ token: new URL(link).searchParams.get('token') ?? '' })
    const opened = await fetch(`${app.url}/billing/pay`, { method: 'POST', body, redirect: 'manual' })
    expect([opened.status, opened.headers.get('location')]).toEqual([303, expect.stringContaining('unifiedcheckout')])
    return new URL(opened.headers.get('location') ?? '').searchParams.get('clientSecret') ?? ''
  }
  const payPage = async (clientSecret: string, card: string) =>
    (await control(paymobOf(app), 'POST', 'checkouts/pay', { clientSecret, card })).returnTo

  test('all steps are taken, the last one when Paymob tries no more, and then the link takes what is due, once', async () => {
    const debtor = await aPaymobDebtor()
    expect(await recoveryOf(debtor)).toMatchObject({ step: '0d', action: 'update_card', payUrl: null })
    expect(await debtor.api.billing.cards.add.mutate({ paysOverdue: true })).toMatchObject({ paysOverdue: false })
    expect(await steps(debtor, 3)).toBe('3d')
    const first = await recoveryOf(debtor)
    expect(first).toMatchObject({ nextRetryAt: null, nextStepAt: expect.any(Date), amountDueCents: 90_000 })
    expect(first).toMatchObject({ action: 'pay', payUrl: null })
    expect(await steps(debtor, 4)).toBe('final')
    expect(await stepsMailed(debtor)).toEqual(['', '3d', 'final'])
    const mail = await aMailTo(debtor.email, /Last reminder/)

    // Two pages: one by the link, one in the app. Both are paid.
    const inApp = await debtor.api.billing.cards.add.mutate({ paysOverdue: true })
    expect(inApp.paysOverdue).toBe(true)
    const returnTo = await payPage(await openPage(linkIn(mail), 'Pay now'), '4111111111111111')
    expect(new URL(returnTo).pathname).toBe('/billing/pay/return')
    const back = await follow(returnTo)
    const page = await back.text()
    expect([back.status, page]).toEqual([200, expect.stringContaining('This invoice is paid')])
    for (const secret of [debtor.email, debtor.username, debtor.id, '900', '1111'])
      expect(page.replace(/<style>.*<\/style>/s, '')).not.toContain(secret)
    expect(await debtor.api.billing.subscriptions.current.query()).toMatchObject({
      ...{ status: 'active', hasAccess: true, recovery: null },
    })
    expect((await debtor.api.billing.cards.list.query()).items[0]).toMatchObject({ last4: '1111', isPrimary: true })
    await aMailTo(debtor.email, /renewed/)

    await payPage(new URL(inApp.url).searchParams.get('clientSecret') ?? '', '5123450000000008')
    await until('the refund', async () => {
      const { items } = await debtor.api.billing.payments.list.query({})
      return items.some(({ status }) => status === 'refunded')
    })
    const { items } = await debtor.api.billing.payments.list.query({})
    expect(items.map(({ amountCents, status }) => ({ amountCents, status }))).toEqual([
      { amountCents: 90_000, status: 'refunded' },
      { amountCents: 90_000, status: 'succeeded' },
      { amountCents: 90_000, status: 'succeeded' },
    ])
    expect((await debtor.api.billing.cards.sync.mutate({ sessionId: inApp.sessionId })).state).toBe('returned')
    await aMailTo(debtor.email, /We refunded/)

    await advanceBoth(app, { days: 30 })
    expect(await debtor.api.billing.subscriptions.current.query()).toMatchObject({ status: 'active', recovery: null })
  })

  test('what was paid twice is mailed about once, also if it is paid back before a notice of it arrives', async () => {
    const debtor = await aPaymobDebtor()
    await advanceBoth(app, { days: 3 })
    const page = () => debtor.api.billing.cards.add.mutate({ paysOverdue: true })
    const first = await page()
    expect(await page()).toEqual(first)
    await rows("update debt_pages set expires_at = now() + interval '9 minutes' where session_id = ?", first.sessionId)
    await app.stopWorker()
    for (const [{ url, sessionId }, state] of [[first, 'paid'] as const, [await page(), 'returned'] as const]) {
      await payPage(new URL(url).searchParams.get('clientSecret') ?? '', '4111111111111111')
      expect(await debtor.api.billing.cards.sync.mutate({ sessionId })).toMatchObject({ state })
    }
    await app.startWorker()
    await callbacksDone(app)
    const mailed = await rows("select 1 from mails where fact ~ '^payment-refunded' and recipient = ?", debtor.email)
    expect(mailed).toHaveLength(1)
  })

  test('a card that is added with the link pays at the next attempt, and only its own page says so', async () => {
    const debtor = await aPaymobDebtor()
    const link = linkIn(await aMailTo(debtor.email, /Your payment for|could not|couldn't/i))
    const secret = await openPage(link, 'Use another card')
    const declined = await payPage(secret, '4000000000000002')
    expect(await (await follow(declined)).text()).toContain('The card was declined')
    // What the address says proves nothing.
    expect(await (await follow(declined.replace('success=false', 'success=true'))).text()).toContain(
      'No card was added',
    )
    const forged = declined.replace(/cd\.[0-9a-f]{32}/, `cd.${'0'.repeat(32)}`)
    expect(await (await follow(forged)).text()).toContain('No card was added')
    // Neither does it say which subscriptions there are.
    const unknown = forged.replace(/(?<=cd\.0{32}\.)\d+/, '999999')
    expect(unknown).not.toBe(forged)
    expect(await (await follow(unknown)).text()).toContain('No card was added')
    expect((await follow(`${app.url}/billing/pay/return?merchant_order_id=${'a'.repeat(40)}`)).status).toBe(400)

    const returnTo = await payPage(secret, '4111111111111111')
    expect(await (await follow(returnTo)).text()).toContain('We will try the payment again with it on')
    await advanceBoth(app, { days: 3 })
    expect(await recoveryOf(debtor)).toBeNull()
    expect(await (await follow(returnTo)).text()).toContain('Already paid')
    expect(await stepsMailed(debtor)).toEqual([''])
  })
})

test('the event feed has every change that these tests made', async () => {
  expect(await expectAllIsTold(app)).toBeGreaterThan(0)
})

/** Paymob says only a date, which begins in Egypt some hours before it does in UTC. */
function nextBilling(email: string): Date {
  const said = paymobOf(app)
    .callbacks()
    .map(({ body }) => (body as Called).subscription_data)
  return new Date(`${said.find((one) => one?.client_info.email === email)?.next_billing}T12:00:00Z`)
}

interface Called {
  subscription_data?: { next_billing: string; client_info: { email: string } }
}

const long = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
