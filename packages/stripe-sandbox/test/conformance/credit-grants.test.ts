import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Metering } from '../metering.ts'
import { at, errorOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
let metering: Metering
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
  metering = new Metering(it)
})
afterAll(() => it[Symbol.asyncDispose]())

async function grant(customer: string, value: number, params: Partial<Stripe.Billing.CreditGrantCreateParams> = {}) {
  return stripe.billing.creditGrants.create({
    customer,
    amount: { type: 'monetary', monetary: { currency: 'usd', value } },
    applicability_config: { scope: { price_type: 'metered' } },
    ...params,
  })
}

/** What a customer can use, and what is in the ledger. */
async function balanceOf(customer: string): Promise<[available: number | undefined, ledger: number | undefined]> {
  const { balances } = await stripe.billing.creditBalanceSummaries.retrieve({
    customer,
    filter: { type: 'applicability_scope', applicability_scope: { price_type: 'metered' } },
  })
  return [balances[0]?.available_balance.monetary?.value, balances[0]?.ledger_balance.monetary?.value]
}

/** The transactions of a customer, oldest first. */
async function transactionsOf(customer: string) {
  const { data } = await stripe.billing.creditBalanceTransactions.list({ customer })
  return data.toReversed().map(({ credit, debit }) => {
    const { amount, type } = debit ?? credit ?? {}
    return [type, amount?.monetary?.value]
  })
}

describe('billing credits (https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits)', () => {
  test('a grant pays metered lines when their invoice is finalized, and keeps the rest', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    const { id } = await grant(customer, 1000, { name: 'Welcome', category: 'promotional' })
    await metering.use(meter, customer, 300)
    expect(await balanceOf(customer)).toEqual([1000, 1000])
    await it.advance(clock, '2026-02-01T02:00:00Z')
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ status: 'paid', subtotal: 600, total: 0, amount_due: 0 })
    const [used] = invoice.total_pretax_credit_amounts ?? []
    expect(used).toMatchObject({ amount: 600, type: 'credit_balance_transaction' })
    expect(invoice.lines.data[0]?.pretax_credit_amounts).toMatchObject([{ amount: 600 }])
    expect(await balanceOf(customer)).toEqual([400, 400])
    expect(await transactionsOf(customer)).toEqual([
      ['credits_granted', 1000],
      ['credits_applied', 600],
    ])
    const { data } = await stripe.billing.creditBalanceTransactions.list({ credit_grant: id, limit: 1 })
    expect(data[0]?.debit?.credits_applied).toMatchObject({
      invoice: invoice.id,
      invoice_line_item: invoice.lines.data[0]?.id,
    })
    await metering.use(meter, customer, 500)
    await it.advance(clock, '2026-03-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 600, amount_paid: 600 })
    expect(await balanceOf(customer)).toEqual([0, 0])
  })
  test('licensed prices, other currencies and other prices get none of it', async () => {
    const meter = await metering.aMeter()
    const { clock, customer, price, subscription } = await metering.aSubscriber(meter)
    const licensed = await it.aPrice({ amount: 500 })
    const other = await metering.aPrice(meter)
    await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: licensed.id,
      proration_behavior: 'none',
    })
    const euros = { amount: { type: 'monetary', monetary: { currency: 'eur', value: 1000 } } } as const
    await grant(customer, 1000, euros)
    await grant(customer, 1000, { applicability_config: { scope: { prices: [{ id: other.id }] } } })
    const own = await grant(customer, 100, { applicability_config: { scope: { prices: [{ id: price }] } } })
    expect(own.applicability_config.scope).toEqual({ prices: [{ id: price }] })
    await metering.use(meter, customer, 100)
    await it.advance(clock, '2026-02-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({ subtotal: 700, total: 600 })
  })
  test('the highest priority is used first, then what expires first, then what was free', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    const paid = await grant(customer, 100)
    const free = await grant(customer, 100, { category: 'promotional' })
    const ending = await grant(customer, 100, { expires_at: at('2026-06-01T00:00:00Z') })
    const urgent = await grant(customer, 100, { priority: 0 })
    const later = await grant(customer, 100, { effective_at: at('2026-06-01T00:00:00Z') })
    expect(await balanceOf(customer)).toEqual([400, 500])
    await metering.use(meter, customer, 175)
    await it.advance(clock, '2026-02-01T02:00:00Z')
    const { data } = await stripe.billing.creditBalanceTransactions.list({ customer })
    const debits = data.toReversed().filter(({ type }) => type === 'debit')
    expect(debits.map(({ credit_grant, debit }) => [credit_grant, debit?.amount.monetary?.value])).toEqual([
      [urgent.id, 100],
      [ending.id, 100],
      [free.id, 100],
      [paid.id, 50],
    ])
    expect(later.effective_at).toBe(at('2026-06-01T00:00:00Z'))
  })
  test('credits come after discounts and before taxes', async () => {
    const meter = await metering.aMeter()
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
    const { clock, customer } = await metering.aSubscriber(meter, {
      discounts: [{ coupon: coupon.id }],
      default_tax_rates: [rate.id],
    })
    await grant(customer, 300)
    await metering.use(meter, customer, 500)
    await it.advance(clock, '2026-02-01T02:00:00Z')
    // 1000 - 500 off - 300 credit = 200, and 20 % of it.
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ subtotal: 1000, total_excluding_tax: 200, total: 240, amount_paid: 240 })
    expect(await (await fetch(invoice.hosted_invoice_url ?? '')).text()).toContain('Credit grant applied')
  })
  test('a voided invoice gives its credit back', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter, {
      collection_method: 'send_invoice',
      days_until_due: 30,
    })
    await grant(customer, 300)
    await metering.use(meter, customer, 500)
    await it.advance(clock, '2026-02-01T02:00:00Z')
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ status: 'open', amount_due: 700 })
    await stripe.invoices.voidInvoice(invoice.id)
    expect(await balanceOf(customer)).toEqual([300, 300])
    expect((await transactionsOf(customer)).at(-1)).toEqual(['credits_application_invoice_voided', 300])
  })
})

describe('drafts, previews and credit notes (https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits)', () => {
  test('drafts and previews show the same credit, which only a finalized invoice uses', async () => {
    const meter = await metering.aMeter()
    const { clock, customer, subscription } = await metering.aSubscriber(meter)
    await grant(customer, 1000)
    await metering.use(meter, customer, 300)
    const preview = () => stripe.invoices.createPreview({ subscription: subscription.id })
    const unrecorded = { amount: 600, credit_balance_transaction: null, type: 'credit_balance_transaction' }
    const shown = { status: 'draft', subtotal: 600, total: 0, amount_due: 0, total_pretax_credit_amounts: [unrecorded] }
    expect(await preview()).toMatchObject(shown)
    expect(await balanceOf(customer)).toEqual([1000, 1000])

    await it.advance(clock, '2026-02-01T00:30:00Z')
    const draft = await it.latestInvoice(customer)
    expect(draft).toMatchObject(shown)
    expect(draft.lines.data[0]?.pretax_credit_amounts).toEqual([unrecorded])
    // "The available balance might show zero, but the ledger balance remains positive until the invoice finalizes."
    expect(await balanceOf(customer)).toEqual([400, 1000])
    await metering.use(meter, customer, 400)
    expect(await preview()).toMatchObject({ subtotal: 800, total: 0 })

    await it.advance(clock, '2026-02-01T02:00:00Z')
    const [used] = (await it.latestInvoice(customer)).total_pretax_credit_amounts ?? []
    expect(used).toMatchObject({ amount: 600, credit_balance_transaction: expect.stringMatching(/^cbtxn_/) })
    expect(await balanceOf(customer)).toEqual([400, 400])
    expect(await preview()).toMatchObject({ subtotal: 800, total: 400 })
  })
  test('the end of the period decides which grants are effective', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    await grant(customer, 100, { effective_at: at('2026-02-01T00:00:00Z') })
    await grant(customer, 200, { effective_at: at('2026-02-01T00:00:01Z') })
    await metering.use(meter, customer, 500)
    await it.advance(clock, '2026-02-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({ subtotal: 1000, total: 900 })
  })
  test('a credit note credits what was left after the credit, and gives no credit back', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    await grant(customer, 300)
    await metering.use(meter, customer, 500)
    await it.advance(clock, '2026-02-01T02:00:00Z')
    const invoice = await it.latestInvoice(customer)
    const [line] = invoice.lines.data
    const lines = (amount: number) => [
      {
        type: 'invoice_line_item',
        invoice_line_item: line?.id ?? '',
        amount,
      } satisfies Stripe.CreditNoteCreateParams.Line,
    ]
    const half = await stripe.creditNotes.preview({ invoice: invoice.id, lines: lines(500), credit_amount: 350 })
    expect(half).toMatchObject({ subtotal: 500, total: 350, pretax_credit_amounts: [{ amount: 150 }] })
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      lines: lines(1000),
      credit_amount: 700,
      expand: ['pretax_credit_amounts.credit_balance_transaction'],
    })
    expect(note).toMatchObject({
      subtotal: 1000,
      total: 700,
      pretax_credit_amounts: [
        {
          amount: 300,
          type: 'credit_balance_transaction',
          credit_balance_transaction: { debit: { type: 'credits_applied' } },
        },
      ],
    })
    expect(note.lines.data[0]?.pretax_credit_amounts).toMatchObject([{ amount: 300 }])
    expect(await balanceOf(customer)).toEqual([0, 0])
  })
  test('what a voided invoice gives back expires at once if its grant has ended', async () => {
    const meter = await metering.aMeter()
    const sent = { collection_method: 'send_invoice', days_until_due: 30 } as const
    const { clock, customer } = await metering.aSubscriber(meter, sent)
    await grant(customer, 300, { expires_at: at('2026-02-10T00:00:00Z') })
    await metering.use(meter, customer, 500)
    await it.advance(clock, '2026-02-15T00:00:00Z')
    await stripe.invoices.voidInvoice((await it.latestInvoice(customer)).id)
    expect((await transactionsOf(customer)).slice(-2)).toEqual([
      ['credits_application_invoice_voided', 300],
      ['credits_expired', 300],
    ])
  })
  test('a customer has at most 100 unused grants', async () => {
    const { id: customer } = await it.aCustomer()
    const grants = await Promise.all(Array.from({ length: 100 }, () => grant(customer, 1)))
    const [first] = grants
    expect(await errorOf(grant(customer, 1))).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('100'),
    })
    await stripe.billing.creditGrants.expire(first?.id ?? '')
    expect(await grant(customer, 1)).toMatchObject({ object: 'billing.credit_grant' })
  })
})

describe('credit grants (https://docs.stripe.com/api/billing/credit-grant)', () => {
  test('are listed and changed, and end by time, by hand or by a void, each with its events', async () => {
    const clock = await it.aClock('2026-01-01T00:00:00Z')
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const types = await it.eventsOf(async () => {
      const first = await grant(customer, 100, { expires_at: at('2026-02-01T00:00:00Z') })
      await stripe.billing.creditGrants.update(first.id, { metadata: { order: '7' } })
      const second = await grant(customer, 200)
      await stripe.billing.creditGrants.expire(second.id)
      const third = await grant(customer, 300)
      const { voided_at } = await stripe.billing.creditGrants.voidGrant(third.id)
      expect(voided_at).toBe(at('2026-01-01T00:00:00Z'))
    })
    const [granted, changed, moved] = [
      'billing.credit_grant.created',
      'billing.credit_grant.updated',
      'billing.credit_balance_transaction.created',
    ]
    expect(types).toEqual([granted, moved, changed, granted, moved, changed, moved, granted, moved, changed, moved])
    await it.advance(clock.id, '2026-02-02T00:00:00Z')
    expect(await balanceOf(customer)).toEqual([0, 0])
    expect((await transactionsOf(customer)).at(-1)).toEqual(['credits_expired', 100])
    const grants = await stripe.billing.creditGrants.list({ customer })
    expect(grants.data).toHaveLength(3)
    const [, second] = grants.data
    expect(await errorOf(stripe.billing.creditGrants.voidGrant(second?.id ?? ''))).toMatchObject({ statusCode: 400 })
  })
  test('need a customer, a scope of metered prices, and an end after their beginning', async () => {
    const { id: customer } = await it.aCustomer()
    const { id: licensed } = await it.aPrice()
    const scope = (given: object) => errorOf(grant(customer, 1, { applicability_config: { scope: given } }))
    expect(await scope({ prices: [{ id: licensed }] })).toMatchObject({
      param: 'applicability_config[scope][prices][0][id]',
    })
    expect(await scope({})).toMatchObject({ code: 'parameter_missing' })
    expect(await errorOf(grant(customer, 1, { expires_at: 1 }))).toMatchObject({ param: 'expires_at' })
    expect(await errorOf(grant('cus_none', 1))).toMatchObject({ code: 'resource_missing' })
    expect(await errorOf(stripe.billing.creditGrants.retrieve('credgr_none'))).toMatchObject({ statusCode: 404 })
  })
})
