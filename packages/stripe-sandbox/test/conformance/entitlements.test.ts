import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

let features = 0
const SUMMARY = 'entitlements.active_entitlement_summary.updated'

async function aFeature(): Promise<Stripe.Entitlements.Feature> {
  features += 1
  return stripe.entitlements.features.create({ name: 'Feature', lookup_key: `feature-${features}` })
}

/** A price whose product has features. */
async function aPriceWith(...ids: string[]): Promise<Stripe.Price> {
  const price = await it.aPrice()
  for (const entitlement_feature of ids)
    await stripe.products.createFeature(idOf(price.product), { entitlement_feature })
  return price
}

const entitledTo = async (customer: string) =>
  (await stripe.entitlements.activeEntitlements.list({ customer })).data.map(({ feature }) => idOf(feature)).toSorted()

describe('features (https://docs.stripe.com/api/entitlements/feature)', () => {
  test('have lookup keys of their own, and can be renamed, archived and listed', async () => {
    const { id, lookup_key } = await aFeature()
    expect(await errorOf(stripe.entitlements.features.create({ name: 'x', lookup_key }))).toMatchObject({
      param: 'lookup_key',
    })
    await stripe.entitlements.features.update(id, { name: 'New', active: false, metadata: { a: '1' } })
    expect(await stripe.entitlements.features.retrieve(id)).toMatchObject({
      ...{ object: 'entitlements.feature', name: 'New', active: false, metadata: { a: '1' } },
    })
    expect((await stripe.entitlements.features.list({ lookup_key, archived: false })).data).toEqual([])
    expect((await stripe.entitlements.features.list({ lookup_key, archived: true })).data).toHaveLength(1)
  })
  test('are put on products once', async () => {
    const feature = await aFeature()
    const product = idOf((await aPriceWith(feature.id)).product)
    const [attached] = (await stripe.products.listFeatures(product)).data
    expect(attached).toMatchObject({ object: 'product_feature', entitlement_feature: { id: feature.id } })
    expect(await stripe.products.retrieveFeature(product, attached?.id ?? '')).toMatchObject({ id: attached?.id })
    const again = stripe.products.createFeature(product, { entitlement_feature: feature.id })
    expect(await errorOf(again)).toMatchObject({ statusCode: 400, param: 'entitlement_feature' })
    const none = stripe.products.createFeature(product, { entitlement_feature: 'feat_none' })
    expect(await errorOf(none)).toMatchObject({ code: 'resource_missing' })
    expect(await stripe.products.deleteFeature(product, attached?.id ?? '')).toMatchObject({ deleted: true })
    expect((await stripe.products.listFeatures(product)).data).toEqual([])
  })
})

describe('active entitlements (https://docs.stripe.com/billing/entitlements)', () => {
  test('follow the subscriptions of a customer, with an event for each change', async () => {
    const [one, two, three] = [await aFeature(), await aFeature(), await aFeature()]
    const [basic, pro] = [await aPriceWith(one.id, two.id), await aPriceWith(two.id, three.id)]
    const { id: customer } = await it.aCustomer()
    const types = await it.eventsOf(() => stripe.subscriptions.create({ customer, items: [{ price: basic.id }] }))
    expect(types.filter((type) => type === SUMMARY)).toHaveLength(1)
    expect(await entitledTo(customer)).toEqual([one.id, two.id].toSorted())
    const [subscription] = (await stripe.subscriptions.list({ customer })).data
    const [item] = subscription?.items.data ?? []
    await stripe.subscriptions.update(subscription?.id ?? '', { items: [{ id: item?.id, price: pro.id }] })
    expect(await entitledTo(customer)).toEqual([two.id, three.id].toSorted())
    const event = await it.lastEvent(SUMMARY)
    expect(event.data.object).toMatchObject({ object: 'entitlements.active_entitlement_summary', customer })
    expect(event.data.previous_attributes).toMatchObject({
      entitlements: { data: [{ feature: one.id }, { feature: two.id }] },
    })
    const nothing = () => stripe.subscriptions.update(subscription?.id ?? '', { metadata: { a: '1' } })
    expect(await it.eventsOf(nothing)).toEqual(['customer.subscription.updated'])
    await stripe.subscriptions.cancel(subscription?.id ?? '')
    expect(await entitledTo(customer)).toEqual([])
  })
  test('begin with the first payment, or with a trial', async () => {
    const feature = await aFeature()
    const price = await aPriceWith(feature.id)
    const { id: customer } = await it.aCustomer({ card: 'pm_card_chargeCustomerFail' })
    const items = [{ price: price.id }]
    const { id, status, latest_invoice } = await stripe.subscriptions.create({ customer, items })
    expect(status).toBe('incomplete')
    expect(await entitledTo(customer)).toEqual([])
    const { id: payment_method } = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    await stripe.invoices.pay(idOf(latest_invoice), { payment_method })
    expect(await entitledTo(customer)).toEqual([feature.id])
    await stripe.subscriptions.cancel(id)
    expect(await entitledTo(customer)).toEqual([])
    await stripe.subscriptions.create({ customer, items, trial_period_days: 5 })
    expect(await entitledTo(customer)).toEqual([feature.id])
  })
  test('stay while the subscription is past_due, and end when it is unpaid', async () => {
    await it.control('PUT', '/_/settings', { afterRetries: 'mark_unpaid' })
    const feature = await aFeature()
    const price = await aPriceWith(feature.id)
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    await it.failCharges(customer, true)
    await it.advance(clock, '2026-04-02T00:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('past_due')
    expect(await entitledTo(customer)).toEqual([feature.id])
    await it.advance(clock, '2026-04-17T00:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('unpaid')
    expect(await entitledTo(customer)).toEqual([])
    await it.control('PUT', '/_/settings', { afterRetries: 'cancel' })
  })
  test('follow the features of a product that is subscribed to', async () => {
    const [feature, price] = [await aFeature(), await it.aPrice()]
    const { id: customer } = await it.aCustomer()
    await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    const product = idOf(price.product)
    const { id } = await stripe.products.createFeature(product, { entitlement_feature: feature.id })
    expect(await entitledTo(customer)).toEqual([feature.id])
    const [entitlement] = (await stripe.entitlements.activeEntitlements.list({ customer, expand: ['data.feature'] }))
      .data
    expect(entitlement).toMatchObject({ lookup_key: feature.lookup_key, feature: { name: 'Feature' } })
    expect(await stripe.entitlements.activeEntitlements.retrieve(entitlement?.id ?? '')).toMatchObject({
      object: 'entitlements.active_entitlement',
    })
    await stripe.products.deleteFeature(product, id)
    expect(await entitledTo(customer)).toEqual([])
  })
})
