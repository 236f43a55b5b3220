import { afterAll, beforeAll, expect, test } from 'vitest'
import { aMailTo, until } from '../inbox.ts'
import { aPaymobPayer, aPaymobPlan, callbacksDone, paymobOf } from '../paymob-purchases.ts'
import { createTestApp, type TestApp } from '../test-app.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { paymob: true })))
afterAll(() => app[Symbol.asyncDispose]())

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
