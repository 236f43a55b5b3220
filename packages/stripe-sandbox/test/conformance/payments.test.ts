import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { errorOf, expanded, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 2000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

/** A subscriber's first invoice, with its payment. */
async function aPaidInvoice() {
  const { customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
  const invoice = await it.latestInvoice(customer)
  const [payment] = (await it.stripe.invoicePayments.list({ invoice: invoice.id })).data
  const intent = idOf(payment?.payment.payment_intent)
  const charge = idOf((await it.stripe.paymentIntents.retrieve(intent)).latest_charge)
  return { customer, subscription: subscription.id, invoice: invoice.id, intent, charge }
}

describe('invoice payments (since Basil, in place of invoice.payment_intent and charge.invoice)', () => {
  test('an invoice has no payment_intent and no subscription field', async () => {
    const { invoice } = await aPaidInvoice()
    const raw = await it.stripe.invoices.retrieve(invoice)
    for (const gone of ['payment_intent', 'subscription', 'charge', 'paid', 'tax']) expect(raw).not.toHaveProperty(gone)
    expect(raw.parent?.subscription_details?.subscription).toMatch(/^sub_/)
  })
  test('can be found by invoice and by payment intent', async () => {
    const { invoice, intent } = await aPaidInvoice()
    const back = await it.stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: intent },
      expand: ['data.invoice'],
    })
    expect(back.data).toHaveLength(1)
    expect(back.data[0]).toMatchObject({ status: 'paid', amount_paid: 2000, amount_requested: 2000, is_default: true })
    expect(expanded(back.data[0]?.invoice)).toMatchObject({ id: invoice })
  })
  test('appear on an invoice only when expanded', async () => {
    const { invoice } = await aPaidInvoice()
    expect(await it.stripe.invoices.retrieve(invoice)).not.toHaveProperty('payments')
    expect(await it.stripe.invoices.retrieve(invoice, { expand: ['payments'] })).toMatchObject({
      payments: { data: [{ object: 'invoice_payment' }] },
    })
  })
})

describe('payment intents (https://docs.stripe.com/api/payment_intents)', () => {
  test('confirming with a good card charges it', async () => {
    const intent = await it.stripe.paymentIntents.create({
      amount: 1200,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1200 })
    expect(await it.stripe.charges.retrieve(idOf(intent.latest_charge))).toMatchObject({
      paid: true,
      captured: true,
      status: 'succeeded',
      payment_method_details: { card: { last4: '4242' } },
    })
  })
  test.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])(
    '%s is declined with %s / %s (https://docs.stripe.com/testing#declined-payments)',
    async (payment_method, code, decline_code) => {
      const error = await errorOf(
        it.stripe.paymentIntents.create({ amount: 1200, currency: 'usd', payment_method, confirm: true }),
      )
      expect(error).toMatchObject({ statusCode: 402, type: 'StripeCardError', code, decline_code })
      expect(error.payment_intent).toMatchObject({
        status: 'requires_payment_method',
        last_payment_error: { type: 'card_error', code, decline_code },
      })
    },
  )
  test("a succeeded payment intent can't be confirmed or canceled", async () => {
    const { id } = await it.stripe.paymentIntents.create({
      amount: 1200,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    expect(await errorOf(it.stripe.paymentIntents.confirm(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
    expect(await errorOf(it.stripe.paymentIntents.cancel(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    })
  })
  test("an invoice's payment intent can't be canceled on its own", async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    await it.stripe.subscriptions.create({ customer, items: [{ price }] })
    const [payment] = (await it.stripe.invoicePayments.list({ invoice: (await it.latestInvoice(customer)).id })).data
    expect((await errorOf(it.stripe.paymentIntents.cancel(idOf(payment?.payment.payment_intent)))).message).toContain(
      'You can void the invoice instead',
    )
  })
})

describe('refunds (https://docs.stripe.com/refunds)', () => {
  test('a full refund emits refund.created and charge.refunded, and leaves invoice and subscription unchanged (sequence 11)', async () => {
    const { charge, invoice, subscription } = await aPaidInvoice()
    const events = await it.eventsOf(async () => {
      expect(await it.stripe.refunds.create({ charge })).toMatchObject({ amount: 2000, status: 'succeeded', charge })
    })
    expect(events).toEqual(['refund.created', 'charge.refunded'])
    expect(await it.stripe.charges.retrieve(charge)).toMatchObject({ refunded: true, amount_refunded: 2000 })
    expect((await it.stripe.invoices.retrieve(invoice)).status).toBe('paid')
    expect((await it.subscription(subscription)).status).toBe('active')
  })
  test('a charge can be refunded in parts until nothing is left', async () => {
    const { charge, intent } = await aPaidInvoice()
    await it.stripe.refunds.create({ payment_intent: intent, amount: 500, reason: 'requested_by_customer' })
    expect(await it.stripe.charges.retrieve(charge, { expand: ['refunds'] })).toMatchObject({
      refunded: false,
      amount_refunded: 500,
      refunds: { data: [{ amount: 500 }] },
    })
    expect(await errorOf(it.stripe.refunds.create({ charge, amount: 1501 }))).toMatchObject({
      statusCode: 400,
      param: 'amount',
      message: 'Refund amount ($15.01) is greater than unrefunded amount on charge ($15.00)',
    })
    await it.stripe.refunds.create({ charge, amount: 1500 })
    expect(await errorOf(it.stripe.refunds.create({ charge }))).toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
    })
    expect((await it.stripe.refunds.list({ charge })).data.map((refund) => refund.amount)).toEqual([1500, 500])
  })
  test("a failed charge can't be refunded", async () => {
    const error = await errorOf(
      it.stripe.paymentIntents.create({
        amount: 1200,
        currency: 'usd',
        payment_method: 'pm_card_chargeDeclined',
        confirm: true,
      }),
    )
    expect(await errorOf(it.stripe.refunds.create({ payment_intent: idOf(error.payment_intent) }))).toMatchObject({
      statusCode: 400,
      param: 'payment_intent',
    })
  })
  test('a refund that fails at the bank restores the charge', async () => {
    const { charge } = await aPaidInvoice()
    const { id } = await it.stripe.refunds.create({ charge })
    const events = await it.eventsOf(() => it.control('POST', `/_/refunds/${id}/fail`))
    expect(events).toEqual(['refund.updated', 'charge.refund.updated', 'refund.failed'])
    expect(await it.stripe.refunds.retrieve(id)).toMatchObject({ status: 'failed' })
    expect(await it.stripe.charges.retrieve(charge)).toMatchObject({ refunded: false, amount_refunded: 0 })
  })
  test("a refund reduces the account's balance", async () => {
    const { charge } = await aPaidInvoice()
    const refund = await it.stripe.refunds.create({ charge, expand: ['balance_transaction'] })
    expect(expanded(refund.balance_transaction)).toMatchObject({ amount: -2000, type: 'refund' })
  })
})

describe('disputes (https://docs.stripe.com/disputes)', () => {
  const dispute = (charge: string) => it.request('POST', `/_/charges/${charge}/dispute`)
  test('a new dispute withdraws the funds and leaves the subscription active (sequence 12)', async () => {
    const { charge, subscription } = await aPaidInvoice()
    expect(await it.eventsOf(() => dispute(charge))).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ])
    expect((await it.stripe.disputes.list({ charge })).data).toMatchObject([
      { status: 'needs_response', reason: 'fraudulent', amount: 2000 },
    ])
    expect(await it.stripe.charges.retrieve(charge)).toMatchObject({ disputed: true })
    expect((await it.subscription(subscription)).status).toBe('active')
    expect((await dispute(charge)).status).toBe(400)
  })
  test('winning_evidence wins a dispute and reinstates the funds (https://docs.stripe.com/testing#disputes)', async () => {
    const { charge } = await aPaidInvoice()
    await dispute(charge)
    const [open] = (await it.stripe.disputes.list({ charge })).data
    const events = await it.eventsOf(() =>
      it.stripe.disputes.update(idOf(open), { evidence: { uncategorized_text: 'winning_evidence' } }),
    )
    expect(events).toEqual(['charge.dispute.updated', 'charge.dispute.closed', 'charge.dispute.funds_reinstated'])
    expect(await it.stripe.disputes.retrieve(idOf(open))).toMatchObject({ status: 'won' })
  })
  test('closing a dispute loses it, and can be done only once', async () => {
    const { charge } = await aPaidInvoice()
    await dispute(charge)
    const [open] = (await it.stripe.disputes.list({ charge })).data
    expect(await it.stripe.disputes.close(idOf(open))).toMatchObject({ status: 'lost' })
    expect(await errorOf(it.stripe.disputes.close(idOf(open)))).toMatchObject({ statusCode: 400 })
  })
  test("a disputed charge can't be refunded", async () => {
    const { charge } = await aPaidInvoice()
    await dispute(charge)
    expect(await errorOf(it.stripe.refunds.create({ charge }))).toMatchObject({
      statusCode: 400,
      code: 'charge_disputed',
    })
  })
  test('a payment with card 4000 0000 0000 0259 succeeds and is disputed immediately', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_createDispute' })
    const events = await it.eventsOf(() => it.stripe.subscriptions.create({ customer, items: [{ price }] }))
    expect(events).toEqual(expect.arrayContaining(['invoice.paid', 'charge.dispute.created']))
  })
})

describe('the hosted invoice page', () => {
  const browser = new Browser()
  test('paying it with a card makes an incomplete subscription active', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    const { id } = await it.stripe.subscriptions.create({ customer, items: [{ price }] })
    const { hosted_invoice_url } = await it.latestInvoice(customer)
    const page = await browser.open(hosted_invoice_url ?? '')
    expect(page.text).toContain('Pay $20.00')
    expect((await browser.submit(page, card('4000000000000002'))).alert).toBe('Your card was declined.')
    expect((await browser.submit(page, card('4242424242424242'))).status).toBe(303)
    expect((await it.subscription(id)).status).toBe('active')
    expect((await browser.open(hosted_invoice_url ?? '')).text).toContain('Paid on')
  })
  test('paying it with a card that requires authentication works', async () => {
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    const { id } = await it.stripe.subscriptions.create({ customer, items: [{ price }] })
    const page = await browser.open((await it.latestInvoice(customer)).hosted_invoice_url ?? '')
    const asked = await browser.submit(page, card('4000 0027 6000 3184'))
    const done = await browser.authenticate(asked, 'complete')
    expect(done.location).toBe(page.url)
    expect((await it.subscription(id)).status).toBe('active')
  })
  test('a draft has no page', async () => {
    const { id: customer } = await it.aCustomer()
    const { id } = await it.stripe.invoices.create({ customer })
    expect((await browser.open(`${it.sandbox.url}/i/${id}`)).status).toBe(404)
  })
})

describe('payment intents that are changed and confirmed again', () => {
  test('the server confirms again after authentication, if it asked to', async () => {
    const intent = await it.stripe.paymentIntents.create({
      ...{ amount: 900, currency: 'usd', confirm: true, confirmation_method: 'manual' },
      ...{ payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.example/return' },
    })
    expect(intent).toMatchObject({ status: 'requires_action', confirmation_method: 'manual' })
    const browser = new Browser()
    const page = await browser.open(intent.next_action?.redirect_to_url?.url ?? '')
    await browser.submit(page, {}, { name: 'decision', value: 'complete' })
    expect((await it.stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_confirmation')
    expect((await it.stripe.paymentIntents.confirm(intent.id)).status).toBe('succeeded')
  })
  test('an intent can change its currency, and is confirmed only for its amount', async () => {
    const { id } = await it.stripe.paymentIntents.create({
      amount: 900,
      currency: 'usd',
      payment_method: 'pm_card_visa',
    })
    const details = { tax: { total_tax_amount: 100 } }
    const changed = await it.stripe.paymentIntents.update(id, {
      ...{
        currency: 'eur',
        amount_details: { ...details, line_items: [{ product_name: 'Box', quantity: 1, unit_cost: 800 }] },
      },
    })
    expect(changed).toMatchObject({ currency: 'eur', amount: 900, amount_details: details })
    expect(changed.amount_details).not.toHaveProperty('line_items')
    expect(await errorOf(it.stripe.paymentIntents.confirm(id, { amount_to_confirm: 800 }))).toMatchObject({
      ...{ statusCode: 400, param: 'amount_to_confirm' },
    })
    expect((await it.stripe.paymentIntents.confirm(id, { amount_to_confirm: 900 })).status).toBe('succeeded')
  })
})

test('a payment has the minimum of its currency, and shows its automatic payment methods', async () => {
  const { paymentIntents, setupIntents } = it.stripe
  const small = { statusCode: 400, code: 'amount_too_small', message: 'Amount must be at least $0.50 usd' }
  expect(await errorOf(paymentIntents.create({ amount: 49, currency: 'usd' }))).toMatchObject(small)
  const { id } = await paymentIntents.create({ amount: 50, currency: 'usd' })
  expect(await errorOf(paymentIntents.update(id, { amount: 10 }))).toMatchObject(small)
  const automatic_payment_methods = { enabled: true } as const
  const shown = { automatic_payment_methods: { allow_redirects: 'always', enabled: true } }
  const payment = { amount: 50, currency: 'usd', automatic_payment_methods }
  expect(await paymentIntents.create(payment)).toMatchObject(shown)
  expect(await setupIntents.create({ automatic_payment_methods })).toMatchObject(shown)
})
