import { describe, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  control,
  failureOf,
  planOf,
  type PaymobSetup,
} from '../../../../test/paymob-gateway.ts'

const fail = async ({ sandbox }: PaymobSetup, id: string, on: boolean) =>
  control(sandbox, 'POST', `subscriptions/${id}/fail-charges`, { on })
const at = (setup: PaymobSetup, id: string) => setup.provider().fetchSubscription(id)
const paymentsOf = async (setup: PaymobSetup, id: string) =>
  setup.provider().fetchPayments(await setup.provider().fetchInvoices(id))

/** Answers calls with this text in their path as if they had succeeded. */
async function withoutEffect<T>(path: string, work: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) =>
    new URL(input instanceof Request ? input.url : input).pathname.includes(path)
      ? Response.json({})
      : original(input, init)
  try {
    return await work()
  } finally {
    globalThis.fetch = original
  }
}

describe('a renewal', () => {
  test('moves the period on, and is an invoice of its own', async () => {
    await using setup = await aPaymobGateway()
    const { id, priceId } = await aPaymobSubscription(setup)
    const before = await at(setup, id)
    await setup.sandbox.advance({ days: 31 })
    const after = await at(setup, id)
    expect(after?.status).toBe('active')
    expect(after?.items[0]?.currentPeriodStart).toEqual(before?.items[0]?.currentPeriodEnd)
    expect(await setup.provider().fetchInvoices(id)).toMatchObject([
      { reason: 'subscription_cycle', status: 'paid', priceIds: [priceId], amountCents: 10_000 },
      { reason: 'subscription_create', status: 'paid' },
    ])
  })

  test.each(['after_retry', 'at_once'] as const)(
    'that fails is one open invoice, which the retry pays (next_billing moves: %s)',
    async (failedRenewalMoves) => {
      await using setup = await aPaymobGateway({ settings: {} })
      await control(setup.sandbox, 'PUT', 'settings', { failedRenewalMoves })
      const { id } = await aPaymobSubscription(setup)
      const end = (await at(setup, id))?.items[0]?.currentPeriodEnd
      await fail(setup, id, true)
      await setup.sandbox.advance({ days: 31 })
      const late = await at(setup, id)
      expect(late).toMatchObject({ status: 'past_due', latestInvoice: { status: 'open', isAttempted: true } })
      expect(late?.items[0]?.currentPeriodStart).toEqual(end)
      const open = await setup.provider().fetchInvoices(id, { onlyOpen: true })
      expect(await setup.provider().fetchPayments(open)).toMatchObject([{ status: 'failed' }])
      expect(await setup.provider().isPeriodPaid(id)).toBe(false)

      await fail(setup, id, false)
      await setup.sandbox.advance({ days: 3 })
      const recovered = await at(setup, id)
      expect(recovered).toMatchObject({ status: 'active', latestInvoice: { id: open[0]?.id, status: 'paid' } })
      expect(recovered?.items[0]?.currentPeriodStart).toEqual(end)
      expect(await paymentsOf(setup, id)).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }])
      const paid = recovered?.latestInvoice?.paymentId ?? ''
      expect(await setup.provider().findInvoice(paid)).toMatchObject({ invoiceId: open[0]?.id })
    },
  )

  test('whose retry fails, too, gives no access, and the next period recovers', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    await fail(setup, id, true)
    await setup.sandbox.advance({ days: 35 })
    expect(await at(setup, id)).toMatchObject({
      ...{ status: 'unpaid', latestInvoice: { status: 'open', nextAttemptAt: null } },
    })
    await fail(setup, id, false)
    await setup.sandbox.advance({ days: 30 })
    expect(await at(setup, id)).toMatchObject({ status: 'active' })
    const statuses = (await paymentsOf(setup, id)).map(({ status }) => status)
    expect(statuses).toEqual(['succeeded', 'uncollectible', 'succeeded'])
  })

  test('is found whether or not the list has the first payment, and beyond a page', async () => {
    await using setup = await aPaymobGateway({ settings: {} })
    const { id } = await aPaymobSubscription(setup)
    await setup.sandbox.advance({ days: 400 })
    expect(await setup.provider().fetchInvoices(id)).toHaveLength(14)
    await control(setup.sandbox, 'PUT', 'settings', { initialTransactionListed: 'yes' })
    expect(await setup.provider().fetchInvoices(id)).toHaveLength(14)
  })

  test('is not collected any more after collecting is stopped', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    await fail(setup, id, true)
    await setup.sandbox.advance({ days: 31 })
    await fail(setup, id, false)
    await setup.provider().stopCollecting(id)
    await setup.sandbox.advance({ days: 5 })
    expect((await paymentsOf(setup, id)).map(({ status }) => status)).not.toContain('pending')
    expect((await paymentsOf(setup, id)).filter(({ status }) => status === 'succeeded')).toHaveLength(1)
  })
})

describe('an end', () => {
  test.each(['accepted', 'refused'] as const)(
    'with the period is set, undone and set again (ends_at: null is %s)',
    async (endsAtNull) => {
      await using setup = await aPaymobGateway()
      await control(setup.sandbox, 'PUT', 'settings', { endsAtNull })
      const { id } = await aPaymobSubscription(setup)
      const end = (await at(setup, id))?.items[0]?.currentPeriodEnd
      const cancel = () => setup.provider().cancel({ subscriptionId: id, at: 'period_end', itemId: null })
      await cancel()
      expect(await at(setup, id)).toMatchObject({ status: 'active', cancelAt: end, canceledAt: expect.any(Date) })
      expect(await setup.provider().resume(id)).toBe(true)
      expect(await at(setup, id)).toMatchObject({ status: 'active', cancelAt: null, canceledAt: null })
      await setup.sandbox.advance({ days: 31 })
      expect(await setup.provider().fetchInvoices(id)).toHaveLength(2)

      await cancel()
      await cancel()
      const next = (await at(setup, id))?.items[0]?.currentPeriodEnd
      await setup.sandbox.advance({ days: 31 })
      expect(await at(setup, id)).toMatchObject({ status: 'canceled', endedAt: next, cancelAt: null })
      expect(await setup.provider().fetchInvoices(id)).toHaveLength(2)
      expect(await setup.provider().resume(id)).toBe(false)
    },
  )

  test('with the period is not set if Paymob does not keep the note of it', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    const work = () => setup.provider().cancel({ subscriptionId: id, at: 'period_end', itemId: null })
    const error = await withoutEffect('register_webhook', () => failureOf(work()))
    expect(String(error.cause)).toContain('did not keep the notes')
    expect(await at(setup, id)).toMatchObject({ status: 'active', cancelAt: null })
  })

  test('now is final, and nothing is collected later', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    await setup.provider().cancel({ subscriptionId: id, at: 'now' })
    await setup.provider().cancel({ subscriptionId: id, at: 'now' })
    const ended = await at(setup, id)
    expect(ended).toMatchObject({ status: 'canceled', endedAt: expect.any(Date) })
    await setup.sandbox.advance({ days: 31 })
    expect((await at(setup, id))?.endedAt).toEqual(ended?.endedAt)
    expect(await setup.provider().fetchInvoices(id)).toHaveLength(1)
  })

  test('of what is not paid is now', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    await fail(setup, id, true)
    await setup.sandbox.advance({ days: 31 })
    await setup.provider().cancel({ subscriptionId: id, at: 'period_end', itemId: null })
    expect(await at(setup, id)).toMatchObject({ status: 'canceled', latestInvoice: { status: 'canceled' } })
  })

  test('with a credit pays back the time left once', async () => {
    await using setup = await aPaymobGateway()
    const { id } = await aPaymobSubscription(setup)
    await setup.sandbox.advance({ days: 10 })
    await setup.provider().cancelWithCredit(id)
    await setup.provider().cancelWithCredit(id)
    const [payment] = await paymentsOf(setup, id)
    expect(payment?.status).toBe('partially_refunded')
    expect(payment?.refundedCents).toBeGreaterThan(6_400)
    expect(payment?.refundedCents).toBeLessThan(6_800)
    expect(await at(setup, id)).toMatchObject({ status: 'canceled', isOwedCredit: false })
  })
})

test('a subscription that was suspended at Paymob is paused', async () => {
  await using setup = await aPaymobGateway()
  const { id } = await aPaymobSubscription(setup)
  const { token } = (await (
    await fetch(`${setup.sandbox.url}/api/auth/tokens`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ api_key: setup.sandbox.apiKey }),
    })
  ).json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  await fetch(`${setup.sandbox.url}/api/acceptance/subscriptions/${id}/suspend`, { method: 'POST', headers })
  expect(await at(setup, id)).toMatchObject({ status: 'paused' })
})

test('a trial checks the card, returns that, and charges at its end', async () => {
  await using setup = await aPaymobGateway()
  const { id, paymentId, page } = await aPaymobSubscription(setup, { trialDays: 14 })
  const trial = await at(setup, id)
  expect(trial).toMatchObject({
    status: 'trialing',
    isOwedCredit: true,
    latestInvoice: null,
    trialStart: expect.any(Date),
  })
  expect(trial?.items[0]?.currentPeriodEnd).toEqual(trial?.trialEnd)
  expect(await setup.provider().fetchCheckout(page.sessionId)).toMatchObject({ status: 'complete', invoiceId: null })
  expect(await setup.provider().fetchInvoice(paymentId)).toBeNull()
  expect(await setup.provider().isPeriodPaid(id)).toBe(true)
  await setup.provider().giveOwedCredit(id)
  expect(await at(setup, id)).toMatchObject({ status: 'trialing', isOwedCredit: false })
  await setup.sandbox.advance({ days: 15 })
  expect(await at(setup, id)).toMatchObject({
    ...{ status: 'active', isOwedCredit: false, trialEnd: trial?.trialEnd },
    latestInvoice: { reason: 'subscription_cycle', amountCents: 10_000, status: 'paid' },
  })
})

test('what Paymob does not know is null, and belongs to no one', async () => {
  await using setup = await aPaymobGateway()
  const provider = setup.provider()
  expect(await provider.fetchSubscription('999999')).toBeNull()
  expect(await provider.fetchInvoice('999999')).toBeNull()
  expect(await provider.fetchInvoices('999999')).toEqual([])
  expect(await provider.fetchPaymentMethod('999999')).toBeNull()
  expect(await provider.resume('999999')).toBe(false)
  await provider.cancel({ subscriptionId: '999999', at: 'now' })
  await provider.dropScheduledChange(planOf('999999'))
})
