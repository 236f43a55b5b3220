import { randomUUID } from 'node:crypto'
import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  control,
  failureOf,
  losingAnswer,
  type PaymobSetup,
} from '../../../../test/paymob-gateway.ts'

let setup: PaymobSetup
beforeAll(async () => {
  setup = await aPaymobGateway()
  // Not documented, and worse for us.
  await control(setup.sandbox, 'PUT', 'settings', { initialTransactionListed: 'yes' })
})
afterAll(() => setup[Symbol.asyncDispose]())

const readContact = async () => ({ email: 'mona@example.com', name: 'Mona Adel' })

async function aPage(subscriptionId: string) {
  const { sessionId } = await setup.provider().nameCardPage({ pageId: randomUUID(), subscriptionId })
  const { url } = await setup.provider().openCardPage({ sessionId, subscriptionId, currency: 'egp', readContact })
  return { sessionId, url }
}

const pay = async (reference: string, card = '4111111111111111') =>
  control(setup.sandbox, 'POST', 'checkouts/pay', { reference, card })

/** What was paid on pages for cards, and not paid back. */
async function keptOf(reference: string): Promise<number> {
  const sent = setup.sandbox.callbacks().map(({ body }) => (body as { obj?: Payment }).obj)
  const paid = sent.filter((one) => one?.order?.merchant_order_id === reference && one.success)
  const sum = (isOf: (one: Payment) => boolean) =>
    paid.reduce((total, one) => total + (one && isOf(one) ? one.amount_cents : 0), 0)
  return sum((one) => one.parent_transaction === null) - sum((one) => one.parent_transaction !== null)
}

interface Payment {
  success: boolean
  amount_cents: number
  parent_transaction: number | null
  order?: { merchant_order_id: string }
}

describe('a page for a new card', () => {
  test('makes it the primary one, pays the check back once, and is no payment of the subscription', async () => {
    const { id } = await aPaymobSubscription(setup)
    const { sessionId, url } = await aPage(id)
    expect(new URL(url).searchParams.get('publicKey')).toBe(setup.sandbox.publicKey)
    expect(setup.gateway.readCardPage(sessionId)).toMatchObject({ subscriptionId: id })
    const provider = setup.provider()
    expect(await provider.finishCardPage(sessionId)).toEqual({ state: 'open' })

    const { transaction } = await pay(sessionId)
    const paymentId = String(transaction.id)
    expect(await provider.findCardPage(paymentId)).toEqual({ sessionId, subscriptionId: id })
    expect(await provider.findInvoice(paymentId)).toBeNull()
    const returned = { returned: [paymentId], refused: [] }
    const added = { state: 'added', paymentId, amountCents: 100, currency: 'egp', last4: '1111', ...returned }
    expect(await provider.finishCardPage(sessionId)).toEqual(added)
    expect(await keptOf(sessionId)).toBe(0)
    expect((await provider.fetchCards(id)).cards).toMatchObject([
      { last4: '1111', isPrimary: true },
      { last4: '2346', isPrimary: false },
    ])
    expect(await provider.fetchInvoices(id)).toHaveLength(1)

    await setup.sandbox.advance({ days: 31 })
    expect(await provider.finishCardPage(sessionId)).toEqual(added)
    expect(await keptOf(sessionId)).toBe(0)
    expect(await provider.fetchInvoices(id)).toMatchObject([{ status: 'paid' }, { status: 'paid' }])
  })

  test('does not overrule a customer who has chosen another card since', async () => {
    const { id } = await aPaymobSubscription(setup)
    const { sessionId } = await aPage(id)
    await pay(sessionId)
    const provider = setup.provider()
    await provider.finishCardPage(sessionId)
    const old = (await provider.fetchCards(id)).cards.find(({ isPrimary }) => !isPrimary)
    expect(await provider.makeCardPrimary({ subscriptionId: id, cardId: old?.id ?? '' })).toBe(true)
    await provider.finishCardPage(sessionId)
    expect((await provider.fetchCards(id)).cards[0]).toMatchObject({ id: old?.id, isPrimary: true })
  })

  test.each([
    ['the choice of the card', 'change-primary-card'],
    ['the return of the money', 'void_refund'],
  ])('is finished by a repeat when the answer to %s is lost', async (_what, path) => {
    const { id } = await aPaymobSubscription(setup)
    const { sessionId } = await aPage(id)
    await pay(sessionId)
    const provider = setup.provider()
    await losingAnswer('POST', path, () => failureOf(provider.finishCardPage(sessionId)))
    expect(await provider.finishCardPage(sessionId)).toMatchObject({ state: 'added', last4: '1111' })
    expect(await keptOf(sessionId)).toBe(0)
    expect((await provider.fetchCards(id)).cards[0]).toMatchObject({ last4: '1111', isPrimary: true })
  })

  test.each([
    ['first', [0, 1]],
    ['last', [1, 0]],
  ])(
    'that was paid before another one, and is finished %s, leaves the card of the other one primary',
    async (_when, order) => {
      const { id } = await aPaymobSubscription(setup)
      const pages = [
        { ...(await aPage(id)), card: '4111111111111111', last4: '1111' },
        { ...(await aPage(id)), card: '5123450000000008', last4: '0008' },
      ]
      for (const { sessionId, card } of pages) await pay(sessionId, card)
      const provider = setup.provider()
      for (const index of order) {
        const { sessionId = '', last4 } = pages[index] ?? {}
        expect(await provider.finishCardPage(sessionId)).toMatchObject({ state: 'added', last4 })
        expect(await keptOf(sessionId)).toBe(0)
      }
      expect((await provider.fetchCards(id)).cards[0]).toMatchObject({ last4: '0008', isPrimary: true })
    },
  )

  test('pays back also when the subscription has ended meanwhile', async () => {
    const { id } = await aPaymobSubscription(setup)
    const { sessionId } = await aPage(id)
    await pay(sessionId)
    await setup.provider().cancel({ subscriptionId: id, at: 'now' })
    expect(await setup.provider().finishCardPage(sessionId)).toMatchObject({ state: 'added' })
    expect(await keptOf(sessionId)).toBe(0)
  })

  test('that is declined or left stays open until it expires, and takes nothing', async () => {
    const { id } = await aPaymobSubscription(setup)
    const { sessionId } = await aPage(id)
    const { transaction } = await pay(sessionId, '4000000000000002')
    expect(await setup.provider().findCardPage(String(transaction.id))).toBeNull()
    expect(await setup.provider().finishCardPage(sessionId)).toEqual({ state: 'open' })
    setup.wait(61 * 60_000)
    expect(await setup.provider().finishCardPage(sessionId)).toEqual({ state: 'expired' })
    expect((await setup.provider().fetchCards(id)).cards).toHaveLength(1)
  })

  test('hides no renewal, however many pages are paid or declined: what is owed stays owed', async () => {
    await using own = await aPaymobGateway()
    await control(own.sandbox, 'PUT', 'settings', { initialTransactionListed: 'yes' })
    const { id } = await aPaymobSubscription(own, { card: '4000000000000341' })
    await own.sandbox.advance({ days: 31 })
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ status: 'past_due' })
    const { sessionId } = await own.provider().nameCardPage({ pageId: randomUUID(), subscriptionId: id })
    await own.provider().openCardPage({ sessionId, subscriptionId: id, currency: 'egp', readContact })
    for (let attempt = 0; attempt < 12; attempt += 1)
      await control(own.sandbox, 'POST', 'checkouts/pay', { reference: sessionId, card: '4000000000000002' })
    expect(await own.provider().fetchSubscription(id)).toMatchObject({ status: 'past_due' })
  })

  test('is not mistaken for another one', async () => {
    const { page, paymentId } = await aPaymobSubscription(setup)
    expect(setup.gateway.readCardPage(page.sessionId)).toBeNull()
    expect(await setup.provider().finishCardPage(page.sessionId)).toBeNull()
    expect(await setup.provider().findCardPage(paymentId)).toBeNull()
  })
})

test('cards are deleted, except the primary one and those of others', async () => {
  const { id } = await aPaymobSubscription(setup)
  const { sessionId } = await aPage(id)
  await pay(sessionId)
  const provider = setup.provider()
  await provider.finishCardPage(sessionId)
  const [first, second] = (await provider.fetchCards(id)).cards
  const cardOf = (cardId = '') => ({ subscriptionId: id, cardId })
  expect(await provider.fetchPaymentMethod(id)).toMatchObject({ last4: first?.last4 })
  expect((await failureOf(provider.deleteCard(cardOf(first?.id)))).isOutage()).toBe(false)
  expect(await provider.deleteCard(cardOf(second?.id))).toBe(true)
  expect((await provider.fetchCards(id)).cards).toEqual([first])

  const other = await aPaymobSubscription(setup)
  const theirs = (await provider.fetchCards(other.id)).cards[0]
  expect(await provider.makeCardPrimary(cardOf(theirs?.id))).toBe(false)
  expect(await provider.deleteCard(cardOf(theirs?.id))).toBe(false)
  expect(await provider.fetchCards('999999')).toEqual({ cards: [], retriesAt: null })
})

test('a failed renewal says when it is tried again', async () => {
  await using own = await aPaymobGateway()
  const { id } = await aPaymobSubscription(own, { card: '4000000000000341' })
  expect(await own.provider().fetchCards(id)).toMatchObject({ retriesAt: null })
  await own.sandbox.advance({ days: 31 })
  const { retriesAt } = await own.provider().fetchCards(id)
  expect(retriesAt?.getTime()).toBeGreaterThan(own.sandbox.now().getTime())
  await own.sandbox.advance({ days: 4 })
  expect(await own.provider().fetchCards(id)).toMatchObject({ retriesAt: null })
})
