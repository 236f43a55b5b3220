import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 2000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

async function aPaidInvoice() {
  const { customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price })
  return { customer, subscription: subscription.id, invoice: (await it.latestInvoice(customer)).id }
}

/** An invoice of $20 that a subscriber has not paid: their card is declined. */
async function anOpenInvoice() {
  const { customer, subscription } = await it.aSubscriber({
    from: '2026-03-01T00:00:00Z',
    price,
    card: 'pm_card_chargeCustomerFail',
  })
  return { customer, subscription: subscription.id, invoice: (await it.latestInvoice(customer)).id }
}

describe('credit notes for paid invoices (https://docs.stripe.com/api/credit_notes)', () => {
  test('give back money as a refund, as credit, and outside of Stripe', async () => {
    const { customer, invoice } = await aPaidInvoice()
    const given = { invoice, amount: 1000, refund_amount: 500, credit_amount: 300, out_of_band_amount: 200 }
    const preview = await it.stripe.creditNotes.preview(given)
    expect((await it.stripe.creditNotes.list({ invoice })).data).toEqual([])
    const types: string[] = await it.eventsOf(() => it.stripe.creditNotes.create({ ...given, memo: 'Sorry' }))
    expect(types).toEqual([
      'refund.created',
      'charge.refunded',
      'customer.updated',
      'credit_note.created',
      'invoice.updated',
    ])
    const [note] = (await it.stripe.creditNotes.list({ invoice })).data
    expect(note).toMatchObject({
      object: 'credit_note',
      amount: 1000,
      total: 1000,
      subtotal: 1000,
      customer,
      memo: 'Sorry',
      type: 'post_payment',
      status: 'issued',
      pre_payment_amount: 0,
      post_payment_amount: 1000,
      out_of_band_amount: 200,
      refunds: [{ amount_refunded: 500, type: 'refund' }],
    })
    expect(preview).toMatchObject({ amount: 1000, type: 'post_payment', number: note?.number })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -300 })
    const [entry] = (await it.stripe.customers.listBalanceTransactions(customer)).data
    expect(entry).toMatchObject({ type: 'credit_note', amount: -300, credit_note: note?.id })
    expect(idOf(note?.customer_balance_transaction)).toBe(entry?.id)
    expect(await it.stripe.invoices.retrieve(invoice)).toMatchObject({
      status: 'paid',
      amount_due: 2000,
      amount_paid: 2000,
      amount_remaining: 0,
      total: 2000,
      post_payment_credit_notes_amount: 1000,
      pre_payment_credit_notes_amount: 0,
    })
  })
  test('their parts must add up, and several notes cannot exceed the invoice', async () => {
    const { invoice } = await aPaidInvoice()
    expect(await errorOf(it.stripe.creditNotes.create({ invoice, amount: 1000, credit_amount: 900 }))).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('must equal the post payment amount'),
    })
    await it.stripe.creditNotes.create({ invoice, amount: 1500, credit_amount: 1500 })
    expect(await errorOf(it.stripe.creditNotes.create({ invoice, amount: 600, credit_amount: 600 }))).toMatchObject({
      statusCode: 400,
      param: 'amount',
    })
    expect(await it.stripe.creditNotes.create({ invoice, amount: 500, credit_amount: 500 })).toMatchObject({
      number: expect.stringMatching(/-CN-02$/),
    })
  })
  test('refunds without a credit note reduce what can be credited, unless the note links them', async () => {
    const { invoice } = await aPaidInvoice()
    const [payment] = (await it.stripe.invoicePayments.list({ invoice })).data
    const refund = await it.stripe.refunds.create({
      payment_intent: idOf(payment?.payment.payment_intent),
      amount: 1500,
    })
    expect(await errorOf(it.stripe.creditNotes.create({ invoice, amount: 600, credit_amount: 600 }))).toMatchObject({
      param: 'amount',
    })
    expect(
      await it.stripe.creditNotes.create({ invoice, amount: 1500, refunds: [{ refund: refund.id }] }),
    ).toMatchObject({ refunds: [{ refund: refund.id, amount_refunded: 1500 }] })
  })
  test('an invoice line can be credited in part, with its discounts and taxes', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 50 })
    const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 20 })
    const { customer } = await it.aSubscriber({
      from: '2026-03-01T00:00:00Z',
      price,
      params: { discounts: [{ coupon: coupon.id }], default_tax_rates: [rate.id] },
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice.total).toBe(1200)
    const note = await it.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: 'invoice_line_item', invoice_line_item: invoice.lines.data[0]?.id, amount: 1000 }],
      credit_amount: 600,
    })
    expect(note).toMatchObject({
      amount: 600,
      discount_amount: 500,
      subtotal: 1000,
      total_excluding_tax: 500,
      total_taxes: [{ amount: 100, taxable_amount: 500, tax_rate_details: { tax_rate: rate.id } }],
    })
    expect((await it.stripe.creditNotes.listLineItems(note.id)).data).toMatchObject([
      { type: 'invoice_line_item', amount: 1000, discount_amount: 500, taxes: [{ amount: 100 }] },
    ])
  })
  test('the memo and metadata can be changed, a note after payment cannot be voided', async () => {
    const { invoice } = await aPaidInvoice()
    const { id } = await it.stripe.creditNotes.create({
      invoice,
      lines: [{ type: 'custom_line_item', description: 'Goodwill', quantity: 2, unit_amount: 100 }],
      credit_amount: 200,
      reason: 'product_unsatisfactory',
    })
    expect(await it.stripe.creditNotes.update(id, { memo: 'Again', metadata: { a: 'b' } })).toMatchObject({
      memo: 'Again',
      metadata: { a: 'b' },
      reason: 'product_unsatisfactory',
    })
    expect((await it.lastEvent('credit_note.updated')).data.previous_attributes).toMatchObject({ memo: null })
    expect(await errorOf(it.stripe.creditNotes.voidCreditNote(id))).toMatchObject({ statusCode: 400 })
  })
})

describe('credit notes for open invoices', () => {
  test('reduce what is due, and what the next attempt charges', async () => {
    const { customer, invoice } = await anOpenInvoice()
    expect(await it.stripe.creditNotes.create({ invoice, amount: 500 })).toMatchObject({
      type: 'pre_payment',
      pre_payment_amount: 500,
      post_payment_amount: 0,
    })
    expect(await it.stripe.invoices.retrieve(invoice)).toMatchObject({
      status: 'open',
      amount_due: 1500,
      amount_remaining: 1500,
      pre_payment_credit_notes_amount: 500,
      total: 2000,
    })
    const { id: card } = await it.stripe.paymentMethods.attach('pm_card_visa', { customer })
    expect(await it.stripe.invoices.pay(invoice, { payment_method: card })).toMatchObject({
      status: 'paid',
      amount_paid: 1500,
    })
  })
  test('pay the invoice when nothing is left, which activates its subscription', async () => {
    const { invoice, subscription } = await anOpenInvoice()
    expect((await it.subscription(subscription)).status).toBe('incomplete')
    await it.stripe.creditNotes.create({ invoice, amount: 2000 })
    expect(await it.stripe.invoices.retrieve(invoice)).toMatchObject({ status: 'paid', amount_due: 0, amount_paid: 0 })
    expect((await it.subscription(subscription)).status).toBe('active')
  })
  test('can be voided: the amount is due again', async () => {
    const { invoice } = await anOpenInvoice()
    const { id } = await it.stripe.creditNotes.create({ invoice, amount: 500 })
    expect(await it.stripe.creditNotes.voidCreditNote(id)).toMatchObject({
      status: 'void',
      voided_at: expect.any(Number),
    })
    expect((await it.lastEvent('credit_note.voided')).data.object).toMatchObject({ id })
    expect(await it.stripe.invoices.retrieve(invoice)).toMatchObject({
      amount_due: 2000,
      pre_payment_credit_notes_amount: 0,
    })
  })
  test('refuse drafts', async () => {
    const { id: customer } = await it.aCustomer()
    const { id } = await it.stripe.invoices.create({ customer })
    expect(await errorOf(it.stripe.creditNotes.create({ invoice: id, amount: 5 }))).toMatchObject({
      statusCode: 400,
      param: 'invoice',
    })
  })
})

test('a line can have an amount per unit with decimals, and taxes that are given', async () => {
  const { invoice } = await anOpenInvoice()
  const { id: tax_rate } = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 20 })
  const line = { type: 'custom_line_item', description: 'Hours', quantity: 3 } as const
  const unit_amount_decimal = Stripe.Decimal.from('99.5')
  const tax_amounts = [{ amount: 61, tax_rate, taxable_amount: 299 }]
  const lines = [{ ...line, unit_amount_decimal, tax_amounts }]
  const note = await it.stripe.creditNotes.create({ invoice, lines })
  expect(note).toMatchObject({ subtotal: 299, total: 360 })
  expect(note.lines.data).toMatchObject([
    { amount: 299, unit_amount: null, unit_amount_decimal, taxes: [{ amount: 61, taxable_amount: 299 }] },
  ])
  const both = [{ ...line, unit_amount: 5, tax_amounts, tax_rates: [tax_rate] }]
  expect(await errorOf(it.stripe.creditNotes.preview({ invoice, lines: both }))).toMatchObject({
    ...{ code: 'parameters_exclusive', param: 'lines[0][tax_amounts]' },
  })
})
