import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

async function aLink(params: Partial<Stripe.PaymentLinkCreateParams> = {}): Promise<Stripe.PaymentLink> {
  const price = await it.aPrice({ amount: 1500, name: 'Gold' })
  return stripe.paymentLinks.create({ line_items: [{ price: price.id, quantity: 2 }], ...params })
}

/** Follows a link, and returns the checkout session that it has opened. */
async function follow({ id, url }: Stripe.PaymentLink, query = ''): Promise<Stripe.Checkout.Session> {
  const response = await fetch(`${url}${query}`, { redirect: 'manual' })
  expect(response.status).toBe(303)
  const [session] = (await stripe.checkout.sessions.list({ payment_link: id, limit: 1 })).data
  if (!session) throw new Error('The link has no session.')
  expect(response.headers.get('location')).toBe(`/c/pay/${session.id}`)
  return session
}

const pay = async ({ id }: Stripe.Checkout.Session) =>
  stripe.rawRequest('POST', `/v1/payment_pages/${id}/confirm`, { payment_method: 'pm_card_visa' })

describe('payment links (https://docs.stripe.com/api/payment-link)', () => {
  test('open a checkout session for each visitor, with what the link says', async () => {
    const link = await aLink({
      metadata: { campaign: 'spring' },
      subscription_data: { trial_period_days: 7, metadata: { plan: 'gold' } },
    })
    expect(link).toMatchObject({
      ...{ object: 'payment_link', active: true, currency: 'usd', metadata: { campaign: 'spring' } },
      ...{ subscription_data: { trial_period_days: 7 }, after_completion: { type: 'hosted_confirmation' } },
    })
    const [line] = (await stripe.paymentLinks.listLineItems(link.id)).data
    expect(line).toMatchObject({ quantity: 2, amount_total: 3000 })
    const session = await follow(link, '?client_reference_id=user-7&prefilled_email=ada%40example.com')
    expect(session).toMatchObject({
      ...{ mode: 'subscription', payment_link: link.id, metadata: { campaign: 'spring' }, amount_total: 0 },
      ...{ client_reference_id: 'user-7', customer_email: 'ada@example.com' },
    })
    await pay(session)
    const complete = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription', 'payment_link'] })
    expect(complete.subscription).toMatchObject({ status: 'trialing', metadata: { plan: 'gold' } })
    expect(complete.payment_link).toMatchObject({ id: link.id, object: 'payment_link' })
    expect((await follow(link)).id).not.toBe(session.id)
  })
  test('create a customer if they are asked to, also without an invoice', async () => {
    const { id } = await stripe.prices.create({ currency: 'usd', unit_amount: 700, product_data: { name: 'Mug' } })
    const link = await aLink({
      line_items: [{ price: id, quantity: 1 }],
      customer_creation: 'always',
      invoice_creation: { enabled: false },
    })
    expect(link).toMatchObject({ customer_creation: 'always', invoice_creation: { enabled: false } })
  })
  test('sell one-time prices, with an invoice if they ask for it', async () => {
    const { id } = await stripe.prices.create({ currency: 'usd', unit_amount: 700, product_data: { name: 'Mug' } })
    const link = await aLink({ line_items: [{ price: id, quantity: 1 }], invoice_creation: { enabled: true } })
    const session = await follow(link)
    expect(session.mode).toBe('payment')
    await pay(session)
    const { invoice } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] })
    expect(invoice).toMatchObject({ status: 'paid', total: 700 })
  })
  test('lead to a page of thanks, or to an address', async () => {
    const after = { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'See you soon' } } as const
    const { success_url } = await follow(await aLink({ after_completion: after }))
    expect(await (await fetch(success_url ?? '')).text()).toContain('See you soon')
    const url = 'https://shop.example/thanks?session={CHECKOUT_SESSION_ID}'
    const link = await aLink({ after_completion: { type: 'redirect', redirect: { url } } })
    expect((await follow(link)).success_url).toBe(url)
    const wrong = aLink({ after_completion: { type: 'redirect', redirect: { url: 'nowhere' } } })
    expect(await errorOf(wrong)).toMatchObject({ param: 'after_completion[redirect][url]' })
  })
  test('can be changed and deactivated, each with an event', async () => {
    let link = await aLink()
    const { id } = link
    const [line] = (await stripe.paymentLinks.listLineItems(id)).data
    const types = await it.eventsOf(async () => {
      await stripe.paymentLinks.update(id, { line_items: [{ id: line?.id ?? '', quantity: 3 }], metadata: { a: '1' } })
      link = await stripe.paymentLinks.update(id, { active: false, inactive_message: 'Sold out' })
    })
    expect(types).toEqual(['payment_link.updated', 'payment_link.updated'])
    const expanded = await stripe.paymentLinks.retrieve(id, { expand: ['line_items'] })
    expect(expanded.line_items?.data[0]?.quantity).toBe(3)
    const response = await fetch(link.url)
    expect(response.status).toBe(410)
    expect(await response.text()).toContain('Sold out')
    expect((await stripe.paymentLinks.list({ active: true, limit: 100 })).data.map((each) => each.id)).not.toContain(id)
    expect((await fetch(`${it.sandbox.url}/b/test_none`)).status).toBe(404)
  })
  test('close when they were paid as often as they may be', async () => {
    const link = await aLink({ restrictions: { completed_sessions: { limit: 1 } } })
    await pay(await follow(link))
    expect((await stripe.paymentLinks.retrieve(link.id)).restrictions).toEqual({
      completed_sessions: { count: 1, limit: 1 },
    })
    expect((await fetch(link.url, { redirect: 'manual' })).status).toBe(410)
  })
  test('refuse what only payments, or only subscriptions, have', async () => {
    const { id } = await stripe.prices.create({ currency: 'usd', unit_amount: 700, product_data: { name: 'Mug' } })
    const once = { line_items: [{ price: id, quantity: 1 }] }
    const link = await aLink()
    const refused: [param: string, call: () => Promise<unknown>][] = [
      ['invoice_creation', () => aLink({ invoice_creation: { enabled: true } })],
      ['payment_intent_data', () => aLink({ payment_intent_data: { description: 'x' } })],
      ['payment_intent_data', () => stripe.paymentLinks.update(link.id, { payment_intent_data: { description: 'x' } })],
      ['subscription_data', () => aLink({ ...once, subscription_data: { description: 'x' } })],
    ]
    for (const [param, call] of refused)
      expect(await errorOf(call())).toMatchObject({ param, message: expect.stringContaining('You can not pass') })
  })
  test('need a price that exists', async () => {
    expect(await errorOf(aLink(untyped({ line_items: [{ quantity: 1 }] })))).toMatchObject({
      param: 'line_items[0][price]',
    })
    expect(await errorOf(aLink({ line_items: [{ price: 'price_none', quantity: 1 }] }))).toMatchObject({
      code: 'resource_missing',
    })
  })
})
