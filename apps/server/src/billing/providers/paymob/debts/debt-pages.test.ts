import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  control,
  failureOf,
  losingAnswer,
  type PaymobSetup,
} from '../../../../../test/paymob-gateway.ts'

const readContact = async () => ({ email: 'mona@example.com', name: 'Mona Adel' })

describe.each(['after_retry', 'at_once'])('a page for a renewal that is given up, which moves the date %s', (moves) => {
  let own: PaymobSetup
  beforeAll(async () => {
    own = await aPaymobGateway()
    await control(own.sandbox, 'PUT', 'settings', { failedRenewalMoves: moves, initialTransactionListed: 'yes' })
  })
  afterAll(() => own[Symbol.asyncDispose]())

  /** Their renewal has failed for good. */
  async function aDebtor() {
    const { id } = await aPaymobSubscription(own, { card: '4000000000000341' })
    await own.sandbox.advance({ days: 31 })
    const [{ id: invoiceId } = { id: '' }] = await own.provider().fetchInvoices(id)
    // Paymob may still collect it.
    expect(await own.provider().nameDebtPage({ subscriptionId: id, invoiceId })).toBeNull()
    await own.sandbox.advance({ days: 3 })
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ status: 'unpaid' })
    return { id, invoiceId }
  }
  async function aDebtPage({ id, invoiceId }: { id: string; invoiceId: string }): Promise<string> {
    const named = await own.provider().nameDebtPage({ subscriptionId: id, invoiceId })
    const { sessionId = '' } = named ?? {}
    await own.provider().openCardPage({ sessionId, subscriptionId: id, currency: 'egp', readContact })
    return sessionId
  }
  const payPage = async (reference: string, card = '4111111111111111') =>
    String((await control(own.sandbox, 'POST', 'checkouts/pay', { reference, card })).transaction.id)
  const moneyOf = async (id: string) => {
    const invoices = await own.provider().fetchInvoices(id)
    const payments = await own.provider().fetchPayments(invoices)
    return payments.map(({ invoice: { reason, amountCents }, refundedCents, status }) => ({
      ...{ reason, amountCents, refundedCents, status },
    }))
  }
  const bought = { reason: 'subscription_create', amountCents: 10_000, refundedCents: 0, status: 'succeeded' }
  const renewed = { ...bought, reason: 'subscription_cycle' }
  const paidBack = { ...bought, reason: 'other', refundedCents: 10_000, status: 'refunded' }

  test('pays it, keeps the period, and its card pays the next renewals', async () => {
    const debtor = await aDebtor()
    const { id, invoiceId } = debtor
    const before = await own.provider().fetchSubscription(id)
    const session = await aDebtPage(debtor)
    expect(own.gateway.readCardPage(session)).toMatchObject({ subscriptionId: id })
    await payPage(session, '4000000000000002')
    expect(await own.provider().finishCardPage(session)).toEqual({ state: 'open' })
    const paymentId = await payPage(session)
    // What was paid counts before anything finishes the page.
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ status: 'active', isOwedCredit: true })
    expect(await own.provider().findInvoice(paymentId)).toMatchObject({ invoiceId })
    expect(await own.provider().finishCardPage(session)).toEqual({ state: 'paid', invoiceId })
    expect(await own.provider().fetchSubscription(id)).toMatchObject({
      ...{ status: 'active', isOwedCredit: false, items: before?.items },
    })
    expect(await own.provider().fetchInvoice(invoiceId)).toMatchObject({ status: 'paid', paymentId })
    expect((await own.provider().fetchCards(id)).cards[0]).toMatchObject({ last4: '1111', isPrimary: true })
    expect(await own.provider().nameDebtPage({ subscriptionId: id, invoiceId })).toBeNull()

    await own.sandbox.advance({ days: 30 })
    expect(await moneyOf(id)).toEqual([renewed, renewed, bought])
    await own.provider().refund({ key: randomUUID(), paymentId })
    expect(await moneyOf(id)).toEqual([renewed, { ...renewed, refundedCents: 10_000, status: 'refunded' }, bought])
  })

  test.each([
    ['two pages are paid', false],
    ['Paymob collects it after all', true],
  ])('pays back the second payment, once, when %s', async (_when, isByPaymob) => {
    const debtor = await aDebtor()
    const { id, invoiceId } = debtor
    const pages = [await aDebtPage(debtor), await aDebtPage(debtor)]
    await payPage(pages[1] ?? '')
    const day = new Date(own.sandbox.now().getTime() + 86_400_000).toISOString().slice(0, 10)
    if (isByPaymob) {
      await own.provider().finishCardPage(pages[1] ?? '')
      await dashboard(own, id, { next_billing: day })
      await own.sandbox.advance({ days: 2 })
    } else await payPage(pages[0] ?? '', '5123450000000008')
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ isOwedCredit: true })
    await losingAnswer('POST', 'void_refund', () => failureOf(own.provider().giveOwedCredit(id)))
    await own.provider().giveOwedCredit(id)
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ isOwedCredit: false })
    expect(await moneyOf(id)).toEqual([paidBack, renewed, bought])
    expect(await own.provider().finishCardPage(pages[1] ?? '')).toEqual({ state: 'paid', invoiceId })
    if (!isByPaymob)
      expect(await own.provider().finishCardPage(pages[0] ?? '')).toEqual({ state: 'returned', invoiceId })
  })

  test.each([
    ['the subscription has ended', 'here'],
    ['an operator has canceled it at Paymob', 'there'],
    ['the next period has begun', null],
  ])('pays back what is paid after %s', async (_when, canceled) => {
    const debtor = await aDebtor()
    const page = await aDebtPage(debtor)
    if (canceled === 'here') await own.provider().cancel({ subscriptionId: debtor.id, at: 'now' })
    if (canceled === 'there') await dashboard(own, `${debtor.id}/cancel`, {}, 'POST')
    await own.sandbox.advance({ days: canceled ? 1 : 31 })
    await payPage(page)
    expect(await own.provider().finishCardPage(page)).toEqual({ state: 'returned', invoiceId: debtor.invoiceId })
    expect((await moneyOf(debtor.id))[0]).toEqual(paidBack)
  })
})

/** Changes a subscription as a person at Paymob would. */
async function dashboard({ sandbox }: PaymobSetup, path: string, change: object, method = 'PUT'): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const login = await fetch(`${sandbox.url}/api/auth/tokens`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ api_key: sandbox.apiKey }) },
  })
  const { token } = (await login.json()) as { token: string }
  const changed = await fetch(`${sandbox.url}/api/acceptance/subscriptions/${path}`, {
    ...{ method, headers: { ...headers, authorization: `Bearer ${token}` }, body: JSON.stringify(change) },
  })
  if (!changed.ok) throw new Error(`The sandbox answered ${changed.status}: ${await changed.text()}`)
}
