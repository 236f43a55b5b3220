import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo } from '../inbox.ts'
import { aSubscriber, aVisitor, current, PRICES, reconciled, statuses, type World } from './world.ts'
import { PAID } from './worlds.ts'

describe.each(PAID)('at %s, notices', (_name, open) => {
  let world: World
  beforeAll(async () => (world = await open()))
  afterEach(() => world.notices({}))
  afterAll(() => world[Symbol.asyncDispose]())

  const rowsOf = async (id: string) =>
    world.app.scope().em.execute(
      `select s.status, s.current_period_end, (select count(*)::int from payments p where p.subscription_id = s.id) as payments
       from subscriptions s where account_id in (select account_id from members where user_id = ?)`,
      [id],
    )

  test('that all arrive twice and out of order change nothing twice', async () => {
    await world.notices({ duplicate: 1, reorder: 0.5 })
    const holder = await aSubscriber(world)
    await world.advance({ days: 32 })
    expect(await statuses(holder)).toEqual(['succeeded', 'succeeded'])
    await aMailTo(holder.email, /has been renewed/)
    const subjects = (await mailsTo(holder.email)).map(({ subject }) => subject)
    expect(new Set(subjects).size).toBe(subjects.length)
    expect(await world.books(holder)).toEqual({ charged: 2 * PRICES.small, refunded: 0 })
  })

  test('of last month that are sent again change nothing', async () => {
    const holder = await aSubscriber(world)
    await world.advance({ days: 32 })
    await holder.api.billing.subscriptions.cancel.mutate()
    await world.settled()
    const before = await rowsOf(holder.id)
    const mails = (await mailsTo(holder.email)).length
    await world.sendAllAgain()
    await world.settled()
    expect(await rowsOf(holder.id)).toEqual(before)
    expect(await mailsTo(holder.email)).toHaveLength(mails)
  })

  test('that are all lost are made up for by the reconciler', async () => {
    await world.notices({ drop: 1 })
    const buyer = await aVisitor(world)
    const { checkoutUrl } = await buyer.api.billing.subscriptions.subscribe.mutate({ planCode: 'small' })
    await world.pay(checkoutUrl, 'good')
    expect(await current(buyer)).toBeNull()
    // The page is asked about once it has been open for a while.
    await world.advanceUnseen({ days: 1 })
    world.app.clock.advance(60 * 60_000)
    await reconciled(world)
    expect(await current(buyer)).toMatchObject({ status: 'active', hasAccess: true })
    expect(await statuses(buyer)).toEqual(['succeeded'])

    await world.advanceUnseen({ days: 32 })
    await reconciled(world)
    expect(await current(buyer)).toMatchObject({ status: 'active', hasAccess: true })
    expect(await statuses(buyer)).toEqual(['succeeded', 'succeeded'])
    expect(await world.books(buyer)).toEqual({ charged: 2 * PRICES.small, refunded: 0 })
  })
})
