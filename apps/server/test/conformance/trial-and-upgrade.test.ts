import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSubscriber, aVisitor, current, payments, PRICES, statuses, type World } from './world.ts'
import { PAID } from './worlds.ts'

describe.each(PAID)('at %s,', (_name, open) => {
  let world: World
  beforeAll(async () => (world = await open()))
  afterAll(() => world[Symbol.asyncDispose]())

  test('a trial costs nothing until its end, and then the plan', async () => {
    const holder = await aSubscriber(world, 'tried')
    expect(await current(holder)).toMatchObject({ status: 'trialing', accessReason: 'trialing' })
    expect(await payments(holder)).toEqual([])
    // Some providers check the card with a small payment, which they return.
    const { charged, refunded } = await world.books(holder)
    expect(charged - refunded).toBe(0)
    await world.advance({ days: 15 })
    expect(await current(holder)).toMatchObject({ status: 'active', priceCents: PRICES.tried })
    expect(await statuses(holder)).toEqual(['succeeded'])
    const after = await world.books(holder)
    expect(after.charged - after.refunded).toBe(PRICES.tried)
  })

  test('a trial is given once', async () => {
    const holder = await aSubscriber(world, 'tried')
    await holder.api.billing.subscriptions.cancel.mutate()
    await world.advance({ days: 16 })
    expect(await current(holder)).toBeNull()
    const { checkoutUrl } = await holder.api.billing.subscriptions.subscribe.mutate({ planCode: 'tried' })
    await world.pay(checkoutUrl, 'good')
    await world.settled()
    expect(await current(holder)).toMatchObject({ status: 'active' })
    const { charged, refunded } = await world.books(holder)
    expect(charged - refunded).toBe(PRICES.tried)
  })

  test('an upgrade on a page ends the old subscription, and its time left is not lost', async () => {
    const holder = await aSubscriber(world)
    await world.advance({ days: 10 })
    const { checkoutUrl } = await holder.api.billing.subscriptions.upgrade.mutate({ planCode: 'large' })
    await world.pay(checkoutUrl, 'good')
    await world.settled()
    expect(await current(holder)).toMatchObject({ plan: { code: 'large' }, status: 'active', hasAccess: true })
    await world.advance({ days: 32 })
    const { charged, refunded } = await world.books(holder)
    const unused = PRICES.small + 2 * PRICES.large - (charged - refunded)
    // About two thirds of the small plan, as a refund or off the next payment.
    expect(unused).toBeGreaterThan(6_200)
    expect(unused).toBeLessThan(6_900)
  })

  test('an upgrade whose page is paid twice at once is kept once', async () => {
    const visitor = await aVisitor(world)
    const { subscribe, upgrade } = visitor.api.billing.subscriptions
    const first = await subscribe.mutate({ planCode: 'small' })
    await world.pay(first.checkoutUrl, 'good')
    await world.settled()
    const page = await upgrade.mutate({ planCode: 'large' })
    const outcomes = await Promise.all([world.pay(page.checkoutUrl, 'good'), tryToPay(world, page.checkoutUrl)])
    expect(outcomes).toContain(true)
    await world.settled()
    expect(await current(visitor)).toMatchObject({ plan: { code: 'large' } })
    const { charged, refunded } = await world.books(visitor)
    expect(charged - refunded).toBeLessThanOrEqual(PRICES.small + PRICES.large)
    expect(charged - refunded).toBeGreaterThanOrEqual(PRICES.large)
  })
})

/** A page that is paid already refuses in one way or another. */
const tryToPay = async (world: World, checkoutUrl: string) => world.pay(checkoutUrl, 'good').catch(() => false)
