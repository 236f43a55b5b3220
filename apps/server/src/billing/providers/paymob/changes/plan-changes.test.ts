import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  aPrice,
  losingAnswer,
  planOf,
  type PaymobSetup,
} from '../../../../../test/paymob-gateway.ts'

let setup: PaymobSetup
beforeAll(async () => (setup = await aPaymobGateway()))
afterAll(() => setup[Symbol.asyncDispose]())

/** Renewals with it are declined, and so is what is collected for a change. */
const DECLINED_LATER = '4000000000000341'
const outage = expect.objectContaining({ reason: 'PAYMENT_PROVIDER_ERROR' })

const at = (id: string) => setup.provider().fetchSubscription(id)
const wholeSecond = () => new Date(Math.floor(setup.sandbox.now().getTime() / 1000) * 1000)
const collected = async (id: string) => {
  const payments = await setup.provider().fetchPayments(await setup.provider().fetchInvoices(id))
  return payments.filter(({ status }) => status !== 'failed').map(({ invoice }) => invoice.amountCents)
}

async function aMove(id: string, priceId: string, prorationDate = wholeSecond()) {
  const plan = planOf(id)
  const preview = await setup.provider().previewChange({ plan, at: 'now', priceId, quantity: null, prorationDate })
  if (!preview) throw new Error('It has ended.')
  const input = { key: `${crypto.randomUUID()}:0`, plan, priceId, quantity: null, prorationDate }
  const change = () => setup.provider().changePlan({ ...input, isTrial: preview.isTrial, restart: preview.restart })
  return { preview, change }
}

describe('a change at once', () => {
  test('costs what its preview says, to the piastre, and the new price from the next period on', async () => {
    const { id } = await aPaymobSubscription(setup)
    const vip = await aPrice(setup, 25_000)
    await setup.sandbox.advance({ days: 7, hours: 5, seconds: 13 })
    const { preview, change } = await aMove(id, vip)
    expect(preview).toMatchObject({ creditCents: 0, hasPaymentMethod: true, nextTotalCents: 25_000, isTrial: false })
    expect(preview.dueNowCents).toBeGreaterThan(11_000)
    await change()
    const changed = await at(id)
    expect(changed).toMatchObject({
      ...{ isOwedCredit: false, items: [{ priceId: vip, unitPriceCents: 25_000 }] },
      latestInvoice: {
        reason: 'subscription_update',
        amountCents: preview.dueNowCents,
        priceIds: [vip],
        status: 'paid',
      },
    })
    const paymentId = changed?.latestInvoice?.paymentId ?? ''
    expect(await setup.provider().findInvoice(paymentId)).toEqual({
      ...{ invoiceId: changed?.latestInvoice?.id, customerId: changed?.customerId },
    })
    await setup.sandbox.advance({ days: 30 })
    expect((await at(id))?.latestInvoice).toMatchObject({ amountCents: 25_000, priceIds: [vip] })
    expect(await collected(id)).toEqual([25_000, 10_000])
    expect((await setup.provider().fetchInvoice(paymentId))?.amountCents).toBe(preview.dueNowCents)
  })

  test('twice in a period counts what was paid for the first', async () => {
    const { id } = await aPaymobSubscription(setup)
    const [vip, max] = [await aPrice(setup, 20_000), await aPrice(setup, 40_000)]
    const first = await aMove(id, vip)
    await first.change()
    const second = await aMove(id, max)
    await second.change()
    expect(first.preview.dueNowCents + second.preview.dueNowCents).toBeGreaterThan(29_800)
    expect(first.preview.dueNowCents + second.preview.dueNowCents).toBeLessThanOrEqual(30_001)
    expect(await collected(id)).toEqual([second.preview.dueNowCents, first.preview.dueNowCents, 10_000])
  })

  test.each([
    ['the intention', 'POST', '/v1/intention/', true],
    ['the payment', 'POST', 'payments/pay', false],
    ['the inquiry', 'POST', 'transaction_inquiry', false],
    ['the new amount', 'PUT', '/subscriptions/', false],
  ])('is made once if the answer to %s is lost', async (_what, method, path, isUnpaid) => {
    const { id } = await aPaymobSubscription(setup)
    const vip = await aPrice(setup, 30_000)
    const { preview, change } = await aMove(id, vip)
    await expect(losingAnswer(method, path, change)).rejects.toEqual(outage)
    if (isUnpaid) {
      // A payment could still be on its way, so nothing is collected again at once.
      expect(await at(id)).toMatchObject({ isOwedCredit: true, items: [{ unitPriceCents: 10_000 }] })
      await expect(change()).rejects.toEqual(outage)
      setup.wait(5 * 60_000)
    } else expect(await at(id)).toMatchObject({ items: [{ priceId: vip, unitPriceCents: 30_000 }] })
    await change()
    expect(await at(id)).toMatchObject({ isOwedCredit: false, items: [{ priceId: vip, unitPriceCents: 30_000 }] })
    expect(await collected(id)).toEqual([preview.dueNowCents, 10_000])
  })

  test('that is paid and never repeated is finished by the job that gives what is owed', async () => {
    const { id } = await aPaymobSubscription(setup)
    const vip = await aPrice(setup, 30_000)
    const { preview, change } = await aMove(id, vip)
    await expect(losingAnswer('POST', 'payments/pay', change)).rejects.toEqual(outage)
    expect(await at(id)).toMatchObject({ isOwedCredit: true })
    await setup.provider().giveOwedCredit(id)
    expect(await at(id)).toMatchObject({ isOwedCredit: false, items: [{ priceId: vip }] })
    await setup.sandbox.advance({ days: 31 })
    expect(await collected(id)).toEqual([30_000, 10_000])
    expect(preview.dueNowCents).toBeGreaterThan(0)
  })

  test('with a declined card changes nothing, and can be tried again', async () => {
    const { id, priceId } = await aPaymobSubscription(setup, { card: DECLINED_LATER })
    const vip = await aPrice(setup, 30_000)
    const { change } = await aMove(id, vip)
    for (const attempt of [change, change, (await aMove(id, vip)).change]) {
      await expect(attempt()).rejects.toMatchObject({ reason: 'PAYMENT_FAILED' })
    }
    expect(await at(id)).toMatchObject({ isOwedCredit: false, items: [{ priceId, unitPriceCents: 10_000 }] })
    expect(await collected(id)).toEqual([10_000])
  })

  test('to a lower price pays the difference back once', async () => {
    const { id } = await aPaymobSubscription(setup, { priceCents: 30_000 })
    const { preview, change } = await aMove(id, await aPrice(setup, 9_000))
    expect(preview).toMatchObject({ dueNowCents: 0, creditCents: expect.any(Number) })
    expect(preview.creditCents).toBeGreaterThan(20_000)
    await change()
    await change()
    const [payment] = await setup.provider().fetchPayments(await setup.provider().fetchInvoices(id))
    expect(payment).toMatchObject({ refundedCents: preview.creditCents, status: 'partially_refunded' })
    expect(await at(id)).toMatchObject({ isOwedCredit: false, items: [{ unitPriceCents: 9_000 }] })
  })

  test('after a refund counts only what is still ours', async () => {
    const { id, paymentId } = await aPaymobSubscription(setup)
    const vip = await aPrice(setup, 30_000)
    const { preview: before } = await aMove(id, vip)
    await setup.provider().refund({ key: 'goodwill', paymentId, amountCents: 5_000 })
    const { preview } = await aMove(id, vip)
    expect(preview.dueNowCents - before.dueNowCents).toBeGreaterThan(4_900)
    expect(preview.dueNowCents - before.dueNowCents).toBeLessThanOrEqual(5_001)
  })

  test('in a trial costs nothing', async () => {
    const { id } = await aPaymobSubscription(setup, { trialDays: 14 })
    const vip = await aPrice(setup, 30_000)
    const { preview, change } = await aMove(id, vip)
    expect(preview).toMatchObject({ dueNowCents: 0, creditCents: 0, isTrial: true })
    await change()
    expect(await at(id)).toMatchObject({ status: 'trialing', items: [{ priceId: vip, unitPriceCents: 30_000 }] })
    await setup.sandbox.advance({ days: 15 })
    expect(await collected(id)).toEqual([30_000])
  })

  test('to another interval is not possible, and of an ended one there is nothing to see', async () => {
    const { id } = await aPaymobSubscription(setup)
    const yearly = await aPrice(setup, 90_000, { billingPeriod: 'yearly' })
    await expect(aMove(id, yearly)).rejects.toMatchObject({ reason: 'PROVIDER_UNSUPPORTED' })
    await setup.provider().cancel({ subscriptionId: id, at: 'now' })
    const [priceId, prorationDate] = [yearly, wholeSecond()]
    const input = { plan: planOf(id), at: 'now' as const, priceId, quantity: null, prorationDate }
    expect(await setup.provider().previewChange(input)).toBeNull()
  })

  test('is not possible while the period is not paid', async () => {
    const { id } = await aPaymobSubscription(setup, { card: DECLINED_LATER })
    await setup.sandbox.advance({ days: 31 })
    await expect(aMove(id, await aPrice(setup, 30_000))).rejects.toMatchObject({ reason: 'PAYMENT_DUE' })
  })
})

describe('a scheduled change', () => {
  const schedule = async (id: string, priceId: string) =>
    setup.provider().scheduleChange({ key: 'any', plan: planOf(id), priceId, quantity: null })

  test('takes effect with the next period', async () => {
    const { id, priceId } = await aPaymobSubscription(setup)
    const small = await aPrice(setup, 4_000)
    await schedule(id, small)
    const scheduled = await at(id)
    const end = scheduled?.items[0]?.currentPeriodEnd
    expect(scheduled).toMatchObject({
      ...{ items: [{ priceId, unitPriceCents: 10_000 }], scheduledPhases: [{ at: end, priceIds: [small] }] },
    })
    await setup.sandbox.advance({ days: 31 })
    expect(await at(id)).toMatchObject({
      ...{ items: [{ priceId: small, unitPriceCents: 4_000 }], scheduledPhases: [] },
      latestInvoice: { amountCents: 4_000, priceIds: [small] },
    })
    expect(await collected(id)).toEqual([4_000, 10_000])
  })

  test.each(['dropped', 'canceled', 'replaced by one at once'])('that is %s does not take effect', async (how) => {
    const { id, priceId } = await aPaymobSubscription(setup)
    await schedule(id, await aPrice(setup, 4_000))
    const vip = await aPrice(setup, 20_000)
    if (how === 'dropped') await setup.provider().dropScheduledChange(planOf(id))
    else if (how === 'canceled') await setup.provider().cancel({ subscriptionId: id, at: 'period_end', itemId: null })
    else await (await aMove(id, vip)).change()
    expect((await at(id))?.scheduledPhases).toEqual([])
    if (how === 'canceled') await setup.provider().resume(id)
    const present = how.startsWith('replaced') ? vip : priceId
    await setup.sandbox.advance({ days: 31 })
    expect(await at(id)).toMatchObject({ items: [{ priceId: present }], latestInvoice: { priceIds: [present] } })
  })

  test('that fails leaves no schedule behind', async () => {
    const { id, priceId } = await aPaymobSubscription(setup)
    const small = await aPrice(setup, 4_000)
    const lost = losingAnswer('PUT', '/subscriptions/', () => schedule(id, small))
    await expect(lost).rejects.toEqual(outage)
    expect(await at(id)).toMatchObject({ scheduledPhases: [], items: [{ priceId, unitPriceCents: 10_000 }] })
    await setup.sandbox.advance({ days: 31 })
    expect(await collected(id)).toEqual([10_000, 10_000])
  })
})
