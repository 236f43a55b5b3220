import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { atProvider, endForClosedAccount, withTimeBudget } from '../../src/billing/index.ts'
import { reconcileObject } from '../../src/billing/upkeep/reconcile-object.ts'
import { aMailTo, until } from '../inbox.ts'
import { aPaymobPayer, aPaymobPlan, callbacksDone, paymobOf } from '../paymob-purchases.ts'
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

test.each([
  ['egp', 90_050, 'EGP 900.50', '900.50'],
  ['sar', 7_525, 'SAR 75.25', '75.25'],
  ['aed', 9_999, 'AED 99.99', '99.99'],
  // Three decimals.
  ['omr', 10_500, 'OMR 10.500', '10.500'],
] as const)(
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

/** Holds back the first call of a path until it is released. */
function delayingFirst(path: string): { isOnItsWay: Promise<void>; release: () => void } {
  const original = globalThis.fetch
  const begun = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (pathname.includes(path)) {
      globalThis.fetch = original
      begun.resolve()
      await released.promise
    }
    return original(input, init)
  }
  return { isOnItsWay: begun.promise, release: released.resolve }
}

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
