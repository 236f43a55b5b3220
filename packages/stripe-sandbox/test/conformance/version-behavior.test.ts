import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { Metering } from '../metering.ts'
import { clientOf, errorOf, idOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let metering: Metering
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
  metering = new Metering(it)
})
afterAll(() => it[Symbol.asyncDispose]())

function speaking(version: string): Stripe {
  return clientOf(it.sandbox, untyped({ apiVersion: version }))
}

describe('the billing mode is classic by default before 2025-09-30.clover (https://docs.stripe.com/changelog/clover/2025-09-30/billing-mode-default-flexible)', () => {
  test.each([
    ['2025-08-27.basil', 'classic'],
    ['2025-09-30.clover', 'flexible'],
  ])('of schedules in %s: %s', async (version, mode) => {
    const { id: price } = await it.aPrice()
    const { id: customer } = await it.aCustomer()
    const { billing_mode, subscription } = await speaking(version).subscriptionSchedules.create({
      customer,
      start_date: 'now',
      phases: [{ items: [{ price }] }],
      expand: ['subscription'],
    })
    expect(billing_mode.type).toBe(mode)
    expect(subscription).toMatchObject({ billing_mode: { type: mode } })
  })
  test('of previews: only classic billing has a line for usage that has not happened yet', async () => {
    const { id: price } = await metering.aPrice(await metering.aMeter())
    const { id: customer } = await it.aCustomer()
    const params = { customer, subscription_details: { items: [{ price }] } }
    const classic = await speaking('2025-08-27.basil').invoices.createPreview(params)
    expect(classic.lines.data).toMatchObject([{ amount: 0 }])
    expect(await errorOf(speaking('2025-09-30.clover').invoices.createPreview(params))).toMatchObject({
      code: 'invoice_upcoming_none',
    })
    const phases: Stripe.InvoiceCreatePreviewParams.ScheduleDetails.Phase[] = [
      { start_date: 'now', items: [{ price }] },
    ]
    const planned = await speaking('2025-08-27.basil').invoices.createPreview({
      customer,
      schedule_details: { phases },
    })
    expect(planned.lines.data).toMatchObject([{ amount: 0 }])
  })
})

describe('before 2025-03-31.basil, checkout creates a subscription with the first attempt to pay (https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade)', () => {
  const older = '2025-02-24.acacia'
  const open = async (version: string, params: Partial<Stripe.Checkout.SessionCreateParams> = {}) => {
    const { id: price } = await it.aPrice()
    return speaking(version).checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price, quantity: 1 }],
      success_url: 'https://shop.example/done',
      ...params,
    })
  }
  const subscriptionOf = async (email: string) => {
    const { data } = await it.stripe.customers.list({ email })
    const [customer] = data
    if (!customer) return undefined
    const { data: rows } = await it.stripe.subscriptions.list({ customer: customer.id, status: 'all' })
    return rows[0]
  }
  const typed = (number: string, email: string) => ({ ...card(number), email })

  test('a decline leaves an incomplete subscription with an open invoice, which the next card pays', async () => {
    const { id, url } = await open(older, { allow_promotion_codes: true })
    const page = await browser.open(url ?? '')
    expect(page.text).toContain('Promotion code')
    const declined = await browser.submit(page, typed('4000 0000 0000 0002', 'one@legacy.example'))
    expect(declined).toMatchObject({ status: 402, alert: expect.stringContaining('declined') })
    expect(declined.text).not.toContain('Promotion code')
    const incomplete = await subscriptionOf('one@legacy.example')
    expect(incomplete).toMatchObject({ status: 'incomplete' })
    expect(await it.stripe.invoices.retrieve(idOf(incomplete?.latest_invoice))).toMatchObject({ status: 'open' })
    expect(await it.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      ...{ status: 'open', subscription: incomplete?.id, invoice: idOf(incomplete?.latest_invoice) },
    })

    const types = await it.eventsOf(async () => {
      const paid = await browser.submit(declined, typed('4242 4242 4242 4242', 'one@legacy.example'))
      expect(paid.location).toBe('https://shop.example/done')
    })
    expect(types.slice(-2)).toEqual(['customer.subscription.updated', 'checkout.session.completed'])
    expect(types).not.toContain('customer.subscription.created')
    expect(await subscriptionOf('one@legacy.example')).toMatchObject({
      id: incomplete?.id,
      status: 'active',
      default_payment_method: expect.stringMatching(/^pm_/),
    })
    expect(await it.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      subscription: incomplete?.id,
      invoice: idOf(incomplete?.latest_invoice),
    })
  })
  test('the payment intent has its invoice when it succeeds', async () => {
    const { url } = await open(older)
    const types = await it.eventsOf(async () => {
      await browser.submit(await browser.open(url ?? ''), typed('4242 4242 4242 4242', 'two@legacy.example'))
    })
    const order = ['customer.subscription.created', 'invoice.finalized', 'payment_intent.succeeded']
    expect(types.filter((type) => order.includes(type))).toEqual(order)
    const { data } = await speaking(older).events.list({ type: 'customer.subscription.created', limit: 1 })
    expect(data[0]?.data.object).toMatchObject({ status: 'incomplete' })
  })
  test('failed authentication keeps it incomplete, and completed authentication pays it', async () => {
    const { id, url } = await open(older)
    const three = typed('4000 0025 0000 3155', 'three@legacy.example')
    const asked = await browser.submit(await browser.open(url ?? ''), three)
    const failed = await browser.authenticate(asked, 'fail')
    expect(failed.status).toBe(402)
    expect(await subscriptionOf('three@legacy.example')).toMatchObject({ status: 'incomplete' })
    const again = await browser.submit(await browser.open(url ?? ''), three)
    const paid = await browser.authenticate(again, 'complete')
    expect(paid.location).toBe('https://shop.example/done')
    expect(await subscriptionOf('three@legacy.example')).toMatchObject({ status: 'active' })
    expect(await it.stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: 'complete' })
  })
  test('an expired session stays expired when its invoice is authenticated and paid', async () => {
    const { id, url } = await open(older)
    const three = typed('4000 0025 0000 3155', 'five@legacy.example')
    const asked = await browser.submit(await browser.open(url ?? ''), three)
    await it.stripe.checkout.sessions.expire(id)
    const types = await it.eventsOf(() => browser.authenticate(asked, 'complete'))
    expect(types).toContain('invoice.paid')
    expect(types).not.toContain('checkout.session.completed')
    const subscription = await subscriptionOf('five@legacy.example')
    expect(subscription).toMatchObject({ status: 'active' })
    expect(await it.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      ...{ status: 'expired', subscription: subscription?.id },
    })
  })
  test('the copy of an expired session starts a subscription of its own', async () => {
    const { id, url } = await open(older, { after_expiration: { recovery: { enabled: true } } })
    const seven = (number: string) => typed(number, 'seven@legacy.example')
    await browser.submit(await browser.open(url ?? ''), seven('4000 0000 0000 0002'))
    const first = await subscriptionOf('seven@legacy.example')
    const { after_expiration } = await it.stripe.checkout.sessions.expire(id)
    const copy = await browser.open(after_expiration?.recovery?.url ?? '')
    const paid = await browser.submit(await browser.open(copy.location ?? ''), seven('4242 4242 4242 4242'))
    expect(paid.location).toBe('https://shop.example/done')
    const [session] = (await it.stripe.checkout.sessions.list({ limit: 1 })).data
    expect(session).toMatchObject({ recovered_from: id, status: 'complete' })
    expect(idOf(session?.subscription)).not.toBe(first?.id)
    expect(await it.subscription(first?.id ?? '')).toMatchObject({ status: 'incomplete' })
  })
  test('the sessions of payment links have the version of the account', async () => {
    const { id: price } = await it.aPrice()
    const { url } = await it.stripe.paymentLinks.create({ line_items: [{ price, quantity: 1 }] })
    const declined = async (email: string) => {
      const page = await browser.open((await browser.open(url)).location ?? '')
      await browser.submit(page, typed('4000 0000 0000 0002', email))
      return subscriptionOf(email)
    }
    expect(await declined('eight@legacy.example')).toBeUndefined()
    await it.control('PUT', '/_/settings', { apiVersion: older })
    try {
      expect(await declined('nine@legacy.example')).toMatchObject({
        ...{ status: 'incomplete', billing_mode: { type: 'classic' } },
      })
    } finally {
      await it.control('PUT', '/_/settings', { apiVersion: '2026-10-28.endive' })
    }
  })
  test("after the first attempt, the app's own page can't change the order either", async () => {
    const { id: price } = await it.aPrice()
    const adjustable_quantity = { enabled: true, minimum: 1, maximum: 9 }
    const { id, client_secret } = await speaking(older).checkout.sessions.create(
      untyped({
        ...{ mode: 'subscription', ui_mode: 'custom', return_url: 'https://shop.example/done' },
        line_items: [{ price, quantity: 2, adjustable_quantity }],
      }),
    )
    const { data: lines } = await it.stripe.checkout.sessions.listLineItems(id)
    const call = async (path: string, params: Record<string, string>) => {
      const body = new URLSearchParams({ client_secret: client_secret ?? '', ...params })
      const target = `${it.sandbox.url}/v1/payment_pages/${id}/elements${path}?key=pk_test_sandbox`
      return (await fetch(target, { method: 'POST', body })).json()
    }
    const order = (quantity: string) => ({ 'line_item[id]': lines[0]?.id ?? '', 'line_item[quantity]': quantity })
    const pay = (payment_method: string) => call('/confirm', { email: 'six@legacy.example', payment_method })
    expect(await call('', order('3'))).toMatchObject({ session: { total: { total: { amount: '$30.00' } } } })
    expect(await pay('pm_card_chargeDeclined')).toMatchObject({ error: { code: 'paymentFailed' } })
    expect(await call('', order('1'))).toMatchObject({ error: { message: 'This quantity is not available.' } })
    expect(await pay('pm_card_visa')).toMatchObject({ session: { status: { type: 'complete' } } })
    const { latest_invoice } = (await subscriptionOf('six@legacy.example')) ?? {}
    expect(await it.stripe.invoices.retrieve(idOf(latest_invoice))).toMatchObject({ amount_paid: 3000 })
  })
  test('since basil, a decline leaves nothing', async () => {
    const { url } = await open('2025-03-31.basil')
    await browser.submit(await browser.open(url ?? ''), typed('4000 0000 0000 0002', 'four@legacy.example'))
    expect(await subscriptionOf('four@legacy.example')).toBeUndefined()
  })
})
