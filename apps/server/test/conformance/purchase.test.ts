import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo } from '../inbox.ts'
import { reasonOf } from '../rejection.ts'
import { aSubscriber, aVisitor, current, PRICES, statuses, type World } from './world.ts'
import { PAID } from './worlds.ts'

describe.each(PAID)('at %s, a purchase', (_name, open) => {
  let world: World
  beforeAll(async () => (world = await open()))
  afterAll(() => world[Symbol.asyncDispose]())

  test('gives access, one payment, and one mail', async () => {
    const buyer = await aSubscriber(world)
    expect(await current(buyer)).toMatchObject({
      ...{ status: 'active', hasAccess: true, plan: { code: 'small' }, priceCents: PRICES.small },
      ...{ currency: world.currency, cancelAt: null },
    })
    expect(await statuses(buyer)).toEqual(['succeeded'])
    expect(await world.books(buyer)).toEqual({ charged: PRICES.small, refunded: 0 })
    await aMailTo(buyer.email, /has started/)
    expect(await mailsTo(buyer.email)).toHaveLength(1)
    expect(await reasonOf(buyer.api.billing.subscriptions.subscribe.mutate({ planCode: 'small' }))).toBe(
      'ALREADY_SUBSCRIBED',
    )
  })

  test('with a declined card gives nothing, and the page can still be paid', async () => {
    const buyer = await aVisitor(world)
    const { checkoutUrl } = await buyer.api.billing.subscriptions.subscribe.mutate({ planCode: 'small' })
    expect(await world.pay(checkoutUrl, 'declined')).toBe(false)
    await world.settled()
    expect(await current(buyer)).toBeNull()
    expect(await statuses(buyer)).toEqual([])
    expect(await world.pay(checkoutUrl, 'good')).toBe(true)
    await world.settled()
    expect(await current(buyer)).toMatchObject({ hasAccess: true })
    expect(await world.books(buyer)).toEqual({ charged: PRICES.small, refunded: 0 })
  })

  test('is seen on the page after it, before any notice', async () => {
    await world.notices({ drop: 1 })
    const buyer = await aVisitor(world)
    const { checkoutUrl, sessionId } = await buyer.api.billing.subscriptions.subscribe.mutate({ planCode: 'large' })
    expect(await buyer.api.billing.subscriptions.sync.mutate({ sessionId })).toBeNull()
    await world.pay(checkoutUrl, 'good')
    expect(await buyer.api.billing.subscriptions.sync.mutate({ sessionId })).toMatchObject({
      ...{ plan: { code: 'large' }, hasAccess: true },
    })
    expect(await statuses(buyer)).toEqual(['succeeded'])
    await world.notices({})
    const thief = await aVisitor(world)
    expect(await reasonOf(thief.api.billing.subscriptions.sync.mutate({ sessionId }))).toBe('SESSION_NOT_FOUND')
  })

  test('asked for ten times at once has one page', async () => {
    const buyer = await aVisitor(world)
    const pages = await Promise.all(
      Array.from({ length: 10 }, () => buyer.api.billing.subscriptions.subscribe.mutate({ planCode: 'small' })),
    )
    expect(new Set(pages.map(({ checkoutUrl }) => checkoutUrl)).size).toBe(1)
  })

  test('made twice at once is kept once, and the other is paid back in full', async () => {
    const buyer = await aVisitor(world)
    const { subscribe } = buyer.api.billing.subscriptions
    const [small, large] = [
      await subscribe.mutate({ planCode: 'small' }),
      await subscribe.mutate({ planCode: 'large' }),
    ]
    await Promise.all([world.pay(small.checkoutUrl, 'good'), world.pay(large.checkoutUrl, 'good')])
    await world.settled()
    const kept = (await current(buyer))?.priceCents ?? 0
    const { charged, refunded } = await world.books(buyer)
    expect(charged - refunded).toBe(kept)
    expect([PRICES.small, PRICES.large]).toContain(kept)
    await world.advance({ days: 32 })
    const after = await world.books(buyer)
    expect(after.charged - after.refunded).toBe(2 * kept)
  })
})
