import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  aPrice,
  control,
  losingAnswer,
  pageInput,
  type PaymobSetup,
} from '../../../../test/paymob-gateway.ts'

let setup: PaymobSetup
beforeAll(async () => (setup = await aPaymobGateway()))
afterAll(() => setup[Symbol.asyncDispose]())

const outage = expect.objectContaining({ reason: 'PAYMENT_PROVIDER_ERROR' })
const plansNamed = async (key: string) => {
  const answer = await fetch(`${setup.sandbox.url}/api/auth/tokens`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ api_key: setup.sandbox.apiKey }),
  })
  const { token } = (await answer.json()) as { token: string }
  const plans = await fetch(`${setup.sandbox.url}/api/acceptance/subscription-plans`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { results } = (await plans.json()) as { results: { name: string }[] }
  return results.filter(({ name }) => name.includes(key))
}

describe('a price', () => {
  test('is made once, even if the answer is lost', async () => {
    const key = randomUUID()
    const lost = losingAnswer('POST', 'subscription-plans', () => aPrice(setup, 500, { key }))
    await expect(lost).rejects.toEqual(outage)
    const id = await aPrice(setup, 500, { key })
    expect(await aPrice(setup, 500, { key })).toBe(id)
    expect(await plansNamed(key)).toHaveLength(1)
    expect(await setup.provider().fetchCatalogueItem({ kind: 'price', id })).toMatchObject({ isActive: true })
    expect(await setup.provider().fetchCatalogueItem({ kind: 'price', id: '999999' })).toBeNull()
  })

  test('that several calls make at once is the same for all of them', async () => {
    const key = randomUUID()
    const ids = await Promise.all(Array.from({ length: 5 }, () => aPrice(setup, 500, { key })))
    expect(new Set(ids).size).toBe(1)
    expect(await aPrice(setup, 500, { key })).toBe(ids[0])
  })

  test.each([
    ['per member', 500, { seats: { included: 1, perSeatCents: 100 } }],
    ['of nothing', 0, {}],
  ])('%s is not possible', async (_what, cents, terms) => {
    await expect(aPrice(setup, cents, terms)).rejects.toMatchObject({ reason: 'PROVIDER_UNSUPPORTED' })
  })
})

describe('a checkout page', () => {
  test('is open until it is paid, and then leads to its subscription', async () => {
    const input = pageInput(await aPrice(setup), { upgradeFrom: '1201' })
    const page = await setup.provider().startCheckout(input)
    if (page.state !== 'open') throw new Error(page.state)
    expect(new URL(page.url).pathname).toBe('/unifiedcheckout/')
    expect((await fetch(page.url)).status).toBe(200)
    const open = { id: page.sessionId, customerId: input.providerCustomerId, status: 'open', subscriptionId: null }
    expect(await setup.provider().fetchCheckout(page.sessionId)).toMatchObject(open)

    await control(setup.sandbox, 'POST', 'checkouts/pay', { reference: page.sessionId, outcome: 'decline' })
    expect(await setup.provider().fetchCheckout(page.sessionId)).toMatchObject(open)
    const { transaction } = await control(setup.sandbox, 'POST', 'checkouts/pay', { reference: page.sessionId })
    const paid = await setup.provider().fetchCheckout(page.sessionId)
    expect(paid).toMatchObject({ status: 'complete', invoiceId: String(transaction.id) })
    expect(await setup.provider().fetchSubscription(paid?.subscriptionId ?? '')).toMatchObject({
      ...{ customerId: input.providerCustomerId, isFromCheckout: true, upgradeFrom: '1201', status: 'active' },
      items: [{ priceId: input.providerPriceId, unitPriceCents: 10_000, quantity: 1 }],
    })
  })

  test('is one for all calls at once', async () => {
    const input = pageInput(await aPrice(setup))
    const pages = await Promise.all(Array.from({ length: 10 }, () => setup.provider().startCheckout(input)))
    expect(new Set(pages.map((page) => page.state === 'open' && page.url)).size).toBe(1)
  })

  test('is opened again under another reference if the answer was lost', async () => {
    const input = pageInput(await aPrice(setup))
    const lost = losingAnswer('POST', '/v1/intention/', () => setup.provider().startCheckout(input))
    await expect(lost).rejects.toEqual(outage)
    const page = await setup.provider().startCheckout(input)
    if (page.state !== 'open') throw new Error(page.state)
    await control(setup.sandbox, 'POST', 'checkouts/pay', { reference: page.sessionId })
    expect(await setup.provider().fetchCheckout(page.sessionId)).toMatchObject({ status: 'complete' })
  })

  test('is not opened for a plan that Paymob does not know, and not without an address', async () => {
    expect(await setup.provider().startCheckout(pageInput('999999'))).toEqual({ state: 'price-unknown' })
    const readContact = async () => ({ email: null, name: 'Nobody' })
    await expect(setup.provider().startCheckout(pageInput(await aPrice(setup), { readContact }))).rejects.toMatchObject(
      { fieldErrors: { email: expect.any(String) } },
    )
  })

  test('of another program is unknown', async () => {
    expect(await setup.provider().fetchCheckout('someone-elses')).toBeNull()
    expect(await setup.provider().findInvoice('999999')).toBeNull()
  })
})

describe('the first payment', () => {
  test('is an invoice, and the period ends at next_billing', async () => {
    const { id, priceId, paymentId, customerId } = await aPaymobSubscription(setup)
    const subscription = await setup.provider().fetchSubscription(id)
    const invoice = {
      ...{ id: paymentId, paymentId, subscriptionId: id, customerId, status: 'paid', amountCents: 10_000 },
      ...{ currency: 'egp', reason: 'subscription_create', priceIds: [priceId] },
    }
    expect(subscription?.latestInvoice).toMatchObject(invoice)
    expect(await setup.provider().fetchInvoice(paymentId)).toMatchObject(invoice)
    expect(await setup.provider().findInvoice(paymentId)).toEqual({ invoiceId: paymentId, customerId })
    const [payment] = await setup.provider().fetchPayments([subscription?.latestInvoice ?? expect.fail()])
    expect(payment).toMatchObject({ status: 'succeeded', refundedCents: 0 })
    const [item] = subscription?.items ?? []
    const days = ((item?.currentPeriodEnd.getTime() ?? 0) - setup.sandbox.now().getTime()) / 86_400_000
    expect(days).toBeGreaterThan(28.9)
    expect(days).toBeLessThan(30.1)
    expect(await setup.provider().isPeriodPaid(id)).toBe(true)
    expect(await setup.provider().fetchPaymentMethod(id)).toMatchObject({ type: 'card', last4: '2346' })
  })

  test('has three decimals in Oman, and its time is read with its offset', async () => {
    await using oman = await aPaymobGateway({ region: 'OMN' })
    const priceId = await aPrice(oman, 4_500, { currency: 'omr' })
    const page = await oman.provider().startCheckout(pageInput(priceId, { priceCents: 4_500, currency: 'omr' }))
    if (page.state !== 'open') throw new Error(page.state)
    await control(oman.sandbox, 'POST', 'checkouts/pay', { reference: page.sessionId })
    const id = (await oman.provider().fetchCheckout(page.sessionId))?.subscriptionId ?? ''
    const subscription = await oman.provider().fetchSubscription(id)
    expect(subscription?.latestInvoice).toMatchObject({ currency: 'omr', amountCents: 4_500 })
    expect(Math.abs((subscription?.startedAt.getTime() ?? 0) - oman.sandbox.now().getTime())).toBeLessThan(60_000)
  })
})
