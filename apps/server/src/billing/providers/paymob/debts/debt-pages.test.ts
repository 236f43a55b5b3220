import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  control,
  failureOf,
  losingAnswer,
  paymobCall,
  refusingRefunds,
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
    expect(await own.provider().prepareDebtPage({ subscriptionId: id, invoiceId })).toBeNull()
    await own.sandbox.advance({ days: 3 })
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ status: 'unpaid' })
    return { id, invoiceId }
  }
  async function aDebtPage({ id, invoiceId }: { id: string; invoiceId: string }): Promise<string> {
    const debt = await own.provider().prepareDebtPage({ subscriptionId: id, invoiceId })
    const { sessionId = '' } = (debt && (await own.provider().nameDebtPage(debt))) ?? {}
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
    expect(await own.provider().finishCardPage(session)).toMatchObject({ state: 'paid', invoiceId })
    expect(await own.provider().fetchSubscription(id)).toMatchObject({
      ...{ status: 'active', isOwedCredit: false, items: before?.items },
    })
    expect(await own.provider().fetchInvoice(invoiceId)).toMatchObject({ status: 'paid', paymentId })
    expect((await own.provider().fetchCards(id)).cards[0]).toMatchObject({ last4: '1111', isPrimary: true })
    expect(await own.provider().prepareDebtPage({ subscriptionId: id, invoiceId })).toBeNull()

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
      await paymobCall(own.sandbox, 'PUT', `subscriptions/${id}`, { next_billing: day })
      await own.sandbox.advance({ days: 2 })
    } else await payPage(pages[0] ?? '', '5123450000000008')
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ isOwedCredit: true })
    await losingAnswer('POST', 'void_refund', () => failureOf(own.provider().giveOwedCredit(id)))
    await own.provider().giveOwedCredit(id)
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ isOwedCredit: false })
    expect(await moneyOf(id)).toEqual([paidBack, renewed, bought])
    expect(await own.provider().finishCardPage(pages[1] ?? '')).toMatchObject({ state: 'paid', invoiceId })
    if (!isByPaymob)
      expect(await own.provider().finishCardPage(pages[0] ?? '')).toMatchObject({ state: 'returned', invoiceId })
  })

  test('counts however many debts were paid before it, and their second payments are known as such', async () => {
    const { id } = await aPaymobSubscription(own, { card: '4000000000000341' })
    await control(own.sandbox, 'POST', `subscriptions/${id}/fail-charges`, { on: true })
    const second: string[] = []
    for (let month = 0; month < 4; month += 1) {
      await own.sandbox.advance({ days: month === 0 ? 34 : 30 })
      const [{ id: invoiceId } = { id: '' }] = await own.provider().fetchInvoices(id)
      const pages = [await aDebtPage({ id, invoiceId }), await aDebtPage({ id, invoiceId })]
      await payPage(pages[1] ?? '')
      second.push(await payPage(pages[0] ?? ''))
      for (const page of pages) await own.provider().finishCardPage(page)
      expect(await own.provider().fetchSubscription(id)).toMatchObject({ status: 'active', isOwedCredit: false })
    }
    const invoices = await own.provider().fetchInvoices(id)
    const renewals = invoices.filter(({ reason }) => reason === 'subscription_cycle')
    expect(renewals.map(({ status }) => status)).toEqual(['paid', 'paid', 'paid', 'paid'])
    for (const paymentId of second) {
      const invoice = await own.provider().fetchInvoice(paymentId)
      expect(invoice).toMatchObject({ reason: 'other', paymentId })
    }
    for (const { paymentId, id: invoiceId } of renewals)
      expect(await own.provider().findInvoice(paymentId ?? '')).toMatchObject({ invoiceId })
  })

  test('has as many pages as it takes, and each one that is paid counts or goes back, whatever is noted', async () => {
    const debtor = await aDebtor()
    const pages: string[] = []
    for (let page = 0; page < 20; page += 1) {
      pages.push(await aDebtPage(debtor))
      // Most are abandoned. The next one is asked for when the last one has nearly ended.
      own.wait(55 * 60_000)
    }
    expect(new Set(pages).size).toBe(20)
    const [late = '', noted = ''] = [pages[0], pages.at(-1)]
    expect(await own.provider().finishCardPage(late)).toEqual({ state: 'expired' })
    expect(await own.provider().finishCardPage(noted)).toEqual({ state: 'open' })
    // A payment that took its time. The note no longer knows its page.
    await payPage(late)
    expect(await own.provider().lookAtCardPage(late)).toBe('paid')
    await payPage(noted, '5123450000000008')
    expect(await own.provider().finishCardPage(noted)).toMatchObject({ state: 'paid' })
    expect(await own.provider().finishCardPage(late)).toMatchObject({ state: 'paid' })
    expect(await moneyOf(debtor.id)).toEqual([paidBack, renewed, bought])
    expect(await own.provider().lookAtCardPage(late)).toBe('finished')
    expect(await own.provider().fetchSubscription(debtor.id)).toMatchObject({ status: 'active', isOwedCredit: false })
  })

  test('pays back what Paymob does not refuse, and says what it refuses', async () => {
    const debtor = await aDebtor()
    const pages = [await aDebtPage(debtor), await aDebtPage(debtor), await aDebtPage(debtor)]
    await payPage(pages[2] ?? '')
    const [refused, other] = [await payPage(pages[0] ?? ''), await payPage(pages[1] ?? '')]
    await refusingRefunds(refused, async () => {
      const paidBack = await own.provider().giveOwedCredit(debtor.id)
      expect(paidBack).toEqual({
        ...{ returned: [other], refused: [{ paymentId: refused, amountCents: 10_000, currency: 'egp' }] },
      })
      expect(await own.provider().lookAtCardPage(pages[0] ?? '', { leaves: [refused] })).toBe('finished')
    })
    expect(await own.provider().giveOwedCredit(debtor.id, { leaves: [refused] })).toMatchObject({ refused: [] })
    expect((await moneyOf(debtor.id)).map(({ status }) => status)).toEqual([
      ...['refunded', 'succeeded', 'succeeded', 'succeeded'],
    ])
    const all = { returned: [refused, other], refused: [] }
    expect(await own.provider().giveOwedCredit(debtor.id)).toEqual(all)
    expect(await own.provider().giveOwedCredit(debtor.id, { leaves: [refused] })).toEqual(all)
  })

  test.each([
    ['the subscription has ended', 'here'],
    ['an operator has canceled it at Paymob', 'there'],
    ['the next period has begun', null],
  ])('pays back what is paid after %s', async (_when, canceled) => {
    const debtor = await aDebtor()
    const page = await aDebtPage(debtor)
    if (canceled === 'here') await own.provider().cancel({ subscriptionId: debtor.id, at: 'now' })
    if (canceled === 'there') await paymobCall(own.sandbox, 'POST', `subscriptions/${debtor.id}/cancel`)
    await own.sandbox.advance({ days: canceled ? 1 : 31 })
    await payPage(page)
    expect(await own.provider().finishCardPage(page)).toMatchObject({ state: 'returned', invoiceId: debtor.invoiceId })
    expect((await moneyOf(debtor.id))[0]).toEqual(paidBack)
  })
})
