import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CAPABILITIES } from '../../src/billing/providers/capabilities.ts'
import { aMailTo } from '../inbox.ts'
import { reasonOf } from '../rejection.ts'
import { aSubscriber, current, PRICES, statuses, type World } from './world.ts'
import { aHolder, ALL } from './worlds.ts'

describe.each(ALL)('at %s,', (name, open) => {
  const { renews, cards } = CAPABILITIES[name]
  let world: World
  beforeAll(async () => (world = await open()))
  afterAll(() => world[Symbol.asyncDispose]())

  test('the end of a period renews the subscription, or ends what does not renew', async () => {
    const holder = await aHolder(world)
    const before = await current(holder)
    await world.advance({ days: 32 })
    if (!renews) {
      expect(await current(holder)).toBeNull()
      expect((await holder.api.billing.entitlement.query()).tier).toBe('free')
      return
    }
    const after = await current(holder)
    expect(after).toMatchObject({ id: before?.id, status: 'active', hasAccess: true })
    expect(after?.currentPeriodStart).toEqual(before?.currentPeriodEnd)
    expect(await statuses(holder)).toEqual(['succeeded', 'succeeded'])
    expect(await world.books(holder)).toEqual({ charged: 2 * PRICES.small, refunded: 0 })
    await aMailTo(holder.email, /has been renewed/)
  })

  test.runIf(renews)('a failed renewal is owed, mailed, tried again, and recovers as the same payment', async () => {
    const holder = await aSubscriber(world)
    await world.failRenewals(holder, true)
    await world.advance({ days: 32 })
    expect(await current(holder)).toMatchObject({ status: 'past_due', accessReason: 'past_due_grace' })
    expect(await statuses(holder)).toEqual(['failed', 'succeeded'])
    await aMailTo(holder.email, /didn't go through/)

    await world.failRenewals(holder, false)
    await world.advance({ days: 8 })
    expect(await current(holder)).toMatchObject({ status: 'active', hasAccess: true })
    expect(await statuses(holder)).toEqual(['succeeded', 'succeeded'])
    expect(await world.books(holder)).toEqual({ charged: 2 * PRICES.small, refunded: 0 })
  })

  test.runIf(renews)('a renewal that is never paid ends the access after the grace period', async () => {
    const holder = await aSubscriber(world)
    await world.failRenewals(holder, true)
    await world.advance({ days: 55 })
    const subscription = await current(holder)
    expect(subscription?.hasAccess ?? false).toBe(false)
    expect((await holder.api.billing.entitlement.query()).tier).toBe('free')
    expect(await world.books(holder)).toEqual({ charged: PRICES.small, refunded: 0 })
  })

  test.runIf(renews)('what is owed is paid in the portal, or without one, the plan is bought again', async () => {
    const holder = await aSubscriber(world)
    await world.failRenewals(holder, true)
    await world.advance({ days: 36 })
    const { subscribe } = holder.api.billing.subscriptions
    if (world.capabilities.portal) {
      expect(await reasonOf(subscribe.mutate({ planCode: 'small' }))).toBe('ALREADY_SUBSCRIBED')
      expect(await holder.api.billing.portal.mutate()).toMatchObject({ url: expect.any(String) })
      return
    }
    expect(await current(holder)).toMatchObject({ status: 'unpaid', hasAccess: false })
    const { checkoutUrl } = await subscribe.mutate({ planCode: 'small' })
    await world.pay(checkoutUrl, 'good')
    await world.settled()
    expect(await current(holder)).toMatchObject({ status: 'active', hasAccess: true })
    await world.advance({ days: 32 })
    expect(await world.books(holder)).toEqual({ charged: 3 * PRICES.small, refunded: 0 })
  })

  test.runIf(cards)('a new card is checked, paid back, and pays the renewal that the old one owes', async () => {
    const holder = await aSubscriber(world, 'small', 'fading')
    await world.advance({ days: 31 })
    expect(await current(holder)).toMatchObject({ status: 'past_due', accessReason: 'past_due_grace' })

    const { url } = await holder.api.billing.cards.add.mutate()
    await world.pay(url, 'good')
    await world.settled()
    const { items, retriesAt } = await holder.api.billing.cards.list.query()
    expect(items).toMatchObject([{ isPrimary: true }, { isPrimary: false }])
    expect(retriesAt?.getTime()).toBeGreaterThan(world.app.stripe.now().getTime())
    await aMailTo(holder.email, /New card/)

    await world.advance({ days: 4 })
    expect(await current(holder)).toMatchObject({ status: 'active', hasAccess: true })
    expect(await statuses(holder)).toEqual(['succeeded', 'succeeded'])
    const { charged, refunded } = await world.books(holder)
    expect(charged - refunded).toBe(2 * PRICES.small)
    expect(refunded).toBeGreaterThan(0)
  })
})
