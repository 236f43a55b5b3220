import { expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  aPrice,
  control,
  planOf,
  type PaymobSetup,
} from '../../../../test/paymob-gateway.ts'
import { DAY } from '../../../platform/durations.ts'
import { readNotes } from './notes.ts'

/** About as long as an operator's address gets. */
const callbackUrl = 'http://billing.accounts.example-company.test/billing/paymob/callback'

test('notes stay short enough for a URL of 200 characters, and the latest are kept', async () => {
  await using setup = await aPaymobGateway({ settings: { callbackUrl } })
  const provider = setup.provider()
  const { id, paymentId } = await aPaymobSubscription(setup, { priceCents: 1_000_000 })
  const [vip, max, small] = [
    await aPrice(setup, 2_000_000),
    await aPrice(setup, 4_000_000),
    await aPrice(setup, 500_000),
  ]
  for (const key of ['one', 'two', 'three']) await provider.refund({ key, paymentId, amountCents: 1_000 })
  await change(setup, id, vip)
  await change(setup, id, max)
  await provider.refund({ key: 'four', paymentId, amountCents: 1_000 })
  await provider.scheduleChange({ key: 'any', plan: planOf(id), priceId: small, quantity: null })
  await provider.cancel({ subscriptionId: id, at: 'period_end', itemId: null })

  expect(await provider.hasRefund({ key: 'four', paymentId })).toBe(true)
  expect(await provider.fetchSubscription(id)).toMatchObject({
    ...{ items: [{ priceId: max, unitPriceCents: 4_000_000 }], canceledAt: expect.any(Date), scheduledPhases: [] },
  })
  const urls = setup.sandbox.callbacks().map(({ url }) => url)
  expect(Math.max(...urls.map((url) => url.length))).toBeLessThanOrEqual(200)
  expect(Math.max(...urls.map((url) => url.length))).toBeGreaterThan(120)
})

test('a debt that was paid on a page leaves room for what is noted later', async () => {
  await using setup = await aPaymobGateway({ settings: { callbackUrl } })
  const provider = setup.provider()
  const { id } = await aPaymobSubscription(setup, { priceCents: 1_000_000, card: '4000000000000341' })
  await setup.sandbox.advance({ days: 34 })
  const [{ id: invoiceId } = { id: '' }] = await provider.fetchInvoices(id)
  const debt = await provider.prepareDebtPage({ subscriptionId: id, invoiceId })
  const { sessionId = '' } = (debt && (await provider.nameDebtPage(debt))) ?? {}
  const readContact = async () => ({ email: 'mona@example.com', name: 'Mona Adel' })
  await provider.openCardPage({ sessionId, subscriptionId: id, currency: 'egp', readContact })
  const { transaction } = await control(setup.sandbox, 'POST', 'checkouts/pay', { reference: sessionId })
  expect(await provider.finishCardPage(sessionId)).toMatchObject({ state: 'paid', invoiceId })

  setup.wait(2 * DAY)
  await change(setup, id, await aPrice(setup, 2_000_000))
  await provider.refund({ key: 'one', paymentId: String(transaction.id), amountCents: 1_000 })
  const max = await aPrice(setup, 4_000_000)
  await change(setup, id, max)
  expect(await provider.fetchSubscription(id)).toMatchObject({ status: 'active', items: [{ priceId: max }] })
  expect(await provider.fetchInvoice(invoiceId)).toMatchObject({ status: 'paid' })
  const urls = setup.sandbox.callbacks().map(({ url }) => url.length)
  expect(Math.max(...urls)).toBeLessThanOrEqual(200)
})

test('a debt that the previous version has noted has its newest page', () => {
  const webhook_url = `${callbackUrl}?s=1201&d=77.00112233aabbccdd.3.hsx1k`
  expect(readNotes({ id: '1201', webhook_url }).debt).toEqual({
    ...{ invoiceId: '77', secret: '00112233aabbccdd', pages: 3, earlier: null },
    ends: [new Date(Number.parseInt('hsx1k', 36) * 60_000)],
  })
})

test('notes that name another subscription don’t count', async () => {
  await using setup = await aPaymobGateway()
  const { id, priceId } = await aPaymobSubscription(setup)
  const other = await aPaymobSubscription(setup)
  const vip = await aPrice(setup, 20_000)
  await setup.provider().scheduleChange({ key: 'any', plan: planOf(id), priceId: vip, quantity: null })
  const noted = setup.sandbox.callbacks()[0]?.url ?? ''
  expect(noted).toContain(`s=${id}`)
  const token = await fetch(`${setup.sandbox.url}/api/auth/tokens`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ api_key: setup.sandbox.apiKey }),
  })
  const { token: bearer } = (await token.json()) as { token: string }
  await fetch(`${setup.sandbox.url}/api/acceptance/subscriptions/${other.id}/register_webhook`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` } },
    body: JSON.stringify({ url: noted }),
  })
  expect(await setup.provider().fetchSubscription(other.id)).toMatchObject({ scheduledPhases: [] })
  expect((await setup.provider().fetchSubscription(id))?.items).toMatchObject([{ priceId }])
})

async function change(setup: PaymobSetup, id: string, priceId: string): Promise<void> {
  const prorationDate = new Date(Math.floor(setup.sandbox.now().getTime() / 1000) * 1000)
  const key = crypto.randomUUID()
  await setup.provider().changePlan({
    ...{ key, plan: planOf(id), priceId, quantity: null, prorationDate, isTrial: false, restart: null },
  })
}
