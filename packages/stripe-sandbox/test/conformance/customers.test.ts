import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('customers (https://docs.stripe.com/api/customers)', () => {
  test('deleting a customer cancels their subscriptions immediately, and leaves a deleted object', async () => {
    const price = await it.aPrice()
    const { customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    const events = await it.eventsOf(() => it.stripe.customers.del(customer))
    expect(events).toEqual(['customer.subscription.deleted', 'customer.deleted'])
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ id: customer, deleted: true })
    expect(await it.subscription(subscription.id)).toMatchObject({ status: 'canceled' })
  })
  test("a deleted customer isn't listed and can't be used", async () => {
    const { id } = await it.aCustomer({ email: 'deleted@example.com' })
    await it.stripe.customers.del(id)
    expect((await it.stripe.customers.list({ email: 'deleted@example.com' })).data).toEqual([])
    expect(await errorOf(it.stripe.billingPortal.sessions.create({ customer: id }))).toMatchObject({
      code: 'resource_missing',
      param: 'customer',
    })
  })
  test('every operation on a deleted customer is refused', async () => {
    const price = await it.aPrice()
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    const { stripe } = it
    const [card] = (await stripe.customers.listPaymentMethods(customer)).data
    const { id: invoice } = await it.latestInvoice(customer)
    await stripe.customers.del(customer)
    for (const call of [
      () => stripe.customers.update(customer, { name: 'Ghost' }),
      () => stripe.customers.del(customer),
      () => stripe.customers.listPaymentMethods(customer),
      () => stripe.customers.createBalanceTransaction(customer, { amount: -100, currency: 'usd' }),
    ])
      expect(await errorOf(call())).toMatchObject({
        statusCode: 404,
        code: 'resource_missing',
        message: `No such customer: '${customer}'`,
      })
    for (const call of [
      () => stripe.subscriptions.create({ customer, items: [{ price: price.id }] }),
      () => it.aCheckout({ customer }),
      () => stripe.invoices.create({ customer }),
      () => stripe.paymentMethods.attach('pm_card_visa', { customer }),
      () =>
        stripe.subscriptionSchedules.create({
          customer,
          start_date: 'now',
          phases: [{ items: [{ price: price.id }] }],
        }),
    ])
      expect(await errorOf(call())).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'customer' })
    expect(await errorOf(stripe.subscriptions.update(subscription.id, { trial_end: 'now' }))).toMatchObject({
      code: 'invalid_canceled_subscription_fields',
    })
    expect(await stripe.paymentMethods.retrieve(card?.id ?? '')).toMatchObject({ customer: null })
    expect(await stripe.invoices.retrieve(invoice, { expand: ['customer'] })).toMatchObject({
      status: 'paid',
      customer: { id: customer, deleted: true },
    })
    expect(await it.eventsOf(() => it.advance(clock, '2026-04-02T00:00:00Z'))).toEqual([])
  })
  test('customer.deleted has the customer as they were, and a refund is still possible', async () => {
    const price = await it.aPrice()
    const { customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    const [charge] = (await it.stripe.charges.list({ customer })).data
    await it.stripe.customers.del(customer)
    expect((await it.lastEvent('customer.deleted')).data.object).toMatchObject({
      id: customer,
      object: 'customer',
      email: 'ada@example.com',
    })
    expect(await it.stripe.refunds.create({ charge: charge?.id })).toMatchObject({ status: 'succeeded' })
  })
  test("a checkout session of a deleted customer can't be paid, and a schedule that has not begun is canceled", async () => {
    const price = await it.aPrice()
    const { id: customer } = await it.aCustomer()
    const session = await it.aCheckout({ customer })
    const schedule = await it.stripe.subscriptionSchedules.create({
      customer,
      start_date: Math.floor(Date.now() / 1000) + 86_400,
      phases: [{ items: [{ price: price.id }] }],
    })
    await it.stripe.customers.del(customer)
    expect((await fetch(session.url)).status).toBe(410)
    expect((await it.stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('canceled')
  })
  test('two customers may have the same email', async () => {
    const [one, other] = [
      await it.aCustomer({ email: 'twin@example.com' }),
      await it.aCustomer({ email: 'twin@example.com' }),
    ]
    expect(one.id).not.toBe(other.id)
    expect((await it.stripe.customers.list({ email: 'twin@example.com' })).data).toHaveLength(2)
  })
  test("refuses a purchase in a currency other than the customer's first", async () => {
    const [usd, eur] = [await it.aPrice(), await it.aPrice({ currency: 'eur' })]
    const { id: customer } = await it.aCustomer()
    await it.stripe.subscriptions.create({ customer, items: [{ price: usd.id }] })
    for (const purchase of [
      it.stripe.subscriptions.create({ customer, items: [{ price: eur.id }] }),
      it.stripe.checkout.sessions.create({
        ...{ mode: 'subscription', customer, success_url: 'https://shop.example/ok' },
        line_items: [{ price: eur.id, quantity: 1 }],
      }),
    ]) {
      expect((await errorOf(purchase)).message).toContain('You cannot combine currencies on a single customer')
    }
  })
  test("refuses another customer's payment method as the default", async () => {
    const { id } = await it.aCustomer({ card: null })
    const other = await it.aCustomer()
    const foreign = idOf(other.invoice_settings.default_payment_method)
    expect(
      await errorOf(it.stripe.customers.update(id, { invoice_settings: { default_payment_method: foreign } })),
    ).toMatchObject({
      code: 'resource_missing',
      param: 'invoice_settings[default_payment_method]',
    })
  })
})

describe('payment methods (https://docs.stripe.com/api/payment_methods)', () => {
  test('pm_card_visa creates a new card for each customer', async () => {
    const [one, other] = [await it.aCustomer(), await it.aCustomer()]
    const [first, second] = [one, other].map((customer) => idOf(customer.invoice_settings.default_payment_method))
    expect(first).toMatch(/^pm_/)
    expect(first).not.toBe(second)
  })
  test('a card shows its last four digits, never its number', async () => {
    const method = await it.stripe.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' },
    })
    expect(method.card).toMatchObject({ brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2034 })
    expect(JSON.stringify(method)).not.toContain('4242424242424242')
  })
  test('an invalid card number is refused with incorrect_number', async () => {
    const params: Stripe.PaymentMethodCreateParams = {
      type: 'card',
      card: { number: '4242424242424241', exp_month: 12, exp_year: 2034, cvc: '123' },
    }
    expect(await errorOf(it.stripe.paymentMethods.create(params))).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'incorrect_number',
      message: 'Your card number is incorrect.',
    })
  })
  test("a card that its bank declines can't be attached", async () => {
    const { id } = await it.aCustomer({ card: null })
    expect(await errorOf(it.stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: id }))).toMatchObject({
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'generic_decline',
    })
  })
  test('card 4000 0000 0000 0341 can be attached, but every charge fails', async () => {
    const { id } = await it.aCustomer({ card: null })
    const method = await it.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: id })
    const price = await it.aPrice()
    const subscription = await it.stripe.subscriptions.create({
      customer: id,
      items: [{ price: price.id }],
      default_payment_method: method.id,
    })
    expect(subscription.status).toBe('incomplete')
  })
  test("detaching a card removes it as the customer's default", async () => {
    const customer = await it.aCustomer()
    const method = idOf(customer.invoice_settings.default_payment_method)
    const events = await it.eventsOf(() => it.stripe.paymentMethods.detach(method))
    expect(events).toEqual(['payment_method.detached'])
    expect(await it.stripe.customers.retrieve(customer.id)).toMatchObject({
      invoice_settings: { default_payment_method: null },
    })
  })
  test("a detached card can't be attached, saved or charged again", async () => {
    const customer = await it.aCustomer()
    const payment_method = idOf(customer.invoice_settings.default_payment_method)
    await it.stripe.paymentMethods.detach(payment_method)
    const refused = { statusCode: 400, message: expect.stringContaining('was detached from a Customer') }
    const { paymentIntents, paymentMethods, setupIntents } = it.stripe
    const terms = { payment_method, confirm: true }
    for (const again of [
      () => paymentMethods.attach(payment_method, { customer: customer.id }),
      () => setupIntents.create(terms),
      () => paymentIntents.create({ ...terms, amount: 900, currency: 'usd' }),
    ])
      expect(await errorOf(again())).toMatchObject(refused)
  })
  test("a card that is attached to one customer can't be attached to another", async () => {
    const [one, other] = [await it.aCustomer(), await it.aCustomer({ card: null })]
    expect(
      await errorOf(
        it.stripe.paymentMethods.attach(idOf(one.invoice_settings.default_payment_method), { customer: other.id }),
      ),
    ).toMatchObject({ statusCode: 400 })
  })
  test("lists a customer's cards, newest first", async () => {
    const customer = await it.aCustomer()
    const second = await it.stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id })
    const { data } = await it.stripe.customers.listPaymentMethods(customer.id)
    expect(data.map((method) => method.id)).toEqual([second.id, idOf(customer.invoice_settings.default_payment_method)])
  })
})

describe('customer balance (https://docs.stripe.com/billing/customer/balance)', () => {
  test('the next invoice uses the credit, and only the rest is charged', async () => {
    const price = await it.aPrice({ amount: 2000 })
    const { id: customer } = await it.aCustomer()
    await it.stripe.customers.createBalanceTransaction(customer, { amount: -500, currency: 'usd' })
    await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 2000,
      starting_balance: -500,
      ending_balance: 0,
      amount_due: 1500,
      amount_paid: 1500,
      status: 'paid',
    })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 })
  })
  test('credit larger than the invoice pays it in full, and the rest stays on the balance', async () => {
    const price = await it.aPrice({ amount: 2000 })
    const { id: customer } = await it.aCustomer({ card: null })
    await it.stripe.customers.createBalanceTransaction(customer, { amount: -5000, currency: 'usd' })
    const subscription = await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    expect(subscription.status).toBe('active')
    expect(await it.latestInvoice(customer)).toMatchObject({
      amount_due: 0,
      status: 'paid',
      starting_balance: -5000,
      ending_balance: -3000,
    })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -3000 })
  })
  test('the next invoice also collects a debt', async () => {
    const price = await it.aPrice({ amount: 2000 })
    const { id: customer } = await it.aCustomer()
    await it.stripe.customers.createBalanceTransaction(customer, { amount: 300, currency: 'usd' })
    await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 2000, amount_due: 2300, amount_paid: 2300 })
  })
  test('an amount below the minimum charge is carried over to the balance', async () => {
    const price = await it.aPrice({ amount: 30 })
    const { id: customer } = await it.aCustomer()
    await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    expect(await it.latestInvoice(customer)).toMatchObject({
      total: 30,
      amount_due: 0,
      status: 'paid',
      ending_balance: 30,
    })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: 30 })
  })
  test('every balance transaction is listed with the resulting balance', async () => {
    const { id: customer } = await it.aCustomer()
    await it.stripe.customers.createBalanceTransaction(customer, {
      amount: -500,
      currency: 'usd',
      description: 'Sorry',
    })
    await it.stripe.customers.createBalanceTransaction(customer, { amount: 200, currency: 'usd' })
    const { data } = await it.stripe.customers.listBalanceTransactions(customer)
    expect(data.map(({ amount, ending_balance, type }) => ({ amount, ending_balance, type }))).toEqual([
      { amount: 200, ending_balance: -300, type: 'adjustment' },
      { amount: -500, ending_balance: -500, type: 'adjustment' },
    ])
  })
})
