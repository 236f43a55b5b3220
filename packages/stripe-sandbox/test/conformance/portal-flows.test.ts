import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card, type Page } from '../hosted-pages.ts'
import { idOf, TestSandbox } from '../test-sandbox.ts'

// https://docs.stripe.com/customer-management/portal-deep-links
let it: TestSandbox
let basic: string
let cheaper: string
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
  basic = (await it.aPrice({ amount: 1000, name: 'Basic' })).id
  cheaper = (await it.aPrice({ amount: 500, name: 'Small' })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const NOT_AVAILABLE = 'This is not available here.'
const press = (page: Page, action: string, fields: Record<string, string>): Promise<Page> =>
  browser.submit(page, fields, { name: 'action', value: action })

/** A subscriber with a second subscription, and a way to open a portal session for them. */
async function aCustomerWithTwo() {
  const { customer, subscription, item } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: basic })
  const second = await it.stripe.subscriptions.create({ customer, items: [{ price: basic }] })
  const open = async (params: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) =>
    browser.open((await it.stripe.billingPortal.sessions.create({ customer, ...params })).url)
  return { customer, subscription: subscription.id, item, second: second.id, open }
}

describe("a flow's session refuses by hand what its page doesn't offer:", () => {
  test('everything but the cancellation of its subscription', async () => {
    const { open, second, subscription } = await aCustomerWithTwo()
    const page = await open({ flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription } } })
    for (const [action, fields] of [
      ['cancel', { subscription: second }],
      ['change_plan', { subscription, price: cheaper }],
      ['pause', { subscription, option: '0' }],
      ['end_pause', { subscription }],
      ['resume', { subscription }],
    ] as const)
      expect((await press(page, action, fields)).alert).toBe(NOT_AVAILABLE)
    expect((await press(page, 'change_card', { subscription, ...card('4242424242424242') })).alert).toBe(NOT_AVAILABLE)
    expect((await press(page, 'cancel', { subscription })).status).toBe(303)
    expect((await it.subscription(subscription)).cancel_at).not.toBeNull()
    expect((await it.subscription(second)).cancel_at).toBeNull()
  })
  test('a cancellation and a change of plan in one for a card', async () => {
    const { open, subscription } = await aCustomerWithTwo()
    const page = await open({ flow_data: { type: 'payment_method_update' } })
    expect((await press(page, 'cancel', { subscription })).alert).toBe(NOT_AVAILABLE)
    expect((await press(page, 'change_plan', { subscription, price: cheaper })).alert).toBe(NOT_AVAILABLE)
    expect((await press(page, 'change_card', card('4242424242424242'))).status).toBe(303)
  })
  test('a change of another subscription in those for a plan', async () => {
    const { item, open, second, subscription } = await aCustomerWithTwo()
    const confirm = { subscription, items: [{ id: item, price: cheaper }] }
    for (const flow_data of [
      { type: 'subscription_update', subscription_update: { subscription } },
      { type: 'subscription_update_confirm', subscription_update_confirm: confirm },
    ] as const) {
      const page = await open({ flow_data })
      expect((await press(page, 'change_plan', { subscription: second, price: cheaper })).alert).toBe(NOT_AVAILABLE)
      expect((await press(page, 'cancel', { subscription })).alert).toBe(NOT_AVAILABLE)
    }
  })
})

test('a cancellation is undone only if there is one, and if the portal offers to cancel', async () => {
  const { open, subscription } = await aCustomerWithTwo()
  expect((await press(await open(), 'resume', { subscription })).alert).toBe(NOT_AVAILABLE)
  const { cancel_at } = await it.stripe.subscriptions.update(subscription, { cancel_at: 'min_period_end' })
  const { id: configuration } = await it.stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
  })
  const without = await open({ configuration })
  expect(without.text).not.toContain('Don&#39;t cancel')
  expect((await press(without, 'resume', { subscription })).alert).toBe(NOT_AVAILABLE)
  expect((await it.subscription(subscription)).cancel_at).toBe(cancel_at)
  expect((await press(await open(), 'resume', { subscription })).status).toBe(303)
  expect((await it.subscription(subscription)).cancel_at).toBeNull()
})

test('a resumption is not tried again while its invoice is open', async () => {
  const { customer, open, subscription } = await aCustomerWithTwo()
  await it.stripe.subscriptions.pause(subscription, { bill_for: { unused_time_from: { type: 'none' } } })
  await it.failCharges(customer, true)
  expect((await press(await open(), 'end_pause', { subscription })).status).toBe(303)
  const { id } = await it.latestInvoice(customer)
  expect((await press(await open(), 'end_pause', { subscription })).alert).toContain(id)
  expect((await it.latestInvoice(customer)).id).toBe(id)
})

test('a change to confirm says when it starts', async () => {
  const { item, open, subscription } = await aCustomerWithTwo()
  const confirm = { subscription, items: [{ id: item, price: cheaper }] }
  const flow_data = { type: 'subscription_update_confirm', subscription_update_confirm: confirm } as const
  const { text } = await open({ flow_data })
  expect(text).toContain('The new plan starts right away. You get credit for the unused time of the old one.')
  const { product } = await it.stripe.prices.retrieve(cheaper)
  const { id: configuration } = await it.stripe.billingPortal.configurations.create({
    features: {
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        products: [{ product: idOf(product), prices: [cheaper] }],
        schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
      },
    },
  })
  const waiting = await open({ configuration, flow_data })
  expect(waiting.text).toContain('The new plan starts on 1 Apr 2026, at the end of your current period.')
  expect((await press(waiting, 'change_plan', { subscription })).status).toBe(303)
  const { items, schedule } = await it.subscription(subscription)
  expect([items.data[0]?.price.id, schedule !== null]).toEqual([basic, true])
})
