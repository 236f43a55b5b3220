import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CAPABILITIES } from '../../src/billing/providers/capabilities.ts'
import { aMailTo } from '../inbox.ts'
import { reasonOf } from '../rejection.ts'
import { aSubscriber, current, PRICES, statuses, subjects, type World } from './world.ts'
import { aHolder, ALL } from './worlds.ts'

describe.each(ALL)('at %s,', (name, open) => {
  const { renews } = CAPABILITIES[name]
  let world: World
  beforeAll(async () => (world = await open()))
  afterAll(() => world[Symbol.asyncDispose]())

  test('a cancellation keeps the access until the end of the period, and then ends it without another charge', async () => {
    const holder = await aHolder(world)
    const { cancel } = holder.api.billing.subscriptions
    const end = (await current(holder))?.currentPeriodEnd
    expect(await cancel.mutate()).toMatchObject({ hasAccess: true, accessReason: 'ending', accessUntil: end })
    expect(await reasonOf(cancel.mutate())).toBe('ALREADY_CANCELING')
    const before = await world.books(holder)
    await world.advance({ days: 27 })
    expect(await current(holder)).toMatchObject({ hasAccess: true })
    await aMailTo(holder.email, /will end/)
    await world.advance({ days: 6 })
    expect(await current(holder)).toBeNull()
    expect((await holder.api.billing.entitlement.query()).tier).toBe('free')
    await world.advance({ days: 32 })
    expect(await world.books(holder)).toEqual(before)
    await aMailTo(holder.email, /has ended/)
    const mails = await subjects(holder)
    expect(new Set(mails).size).toBe(mails.length)
  })

  test('a cancellation can be undone before the end', async () => {
    const holder = await aHolder(world)
    const { cancel, resume } = holder.api.billing.subscriptions
    expect(await reasonOf(resume.mutate())).toBe('NOT_CANCELING')
    await cancel.mutate()
    await world.advance({ days: 3 })
    expect(await resume.mutate()).toMatchObject({ cancelAt: null, cancelAtPeriodEnd: false, hasAccess: true })
    await world.settled()
    expect(await current(holder)).toMatchObject({ cancelAt: null, hasAccess: true })
    if (!renews) return
    await world.advance({ days: 29 })
    expect(await world.books(holder)).toEqual({ charged: 2 * PRICES.small, refunded: 0 })
  })

  test('the subscription of a closed account ends with what is paid, and nothing is charged again', async () => {
    const holder = await aHolder(world)
    const before = await world.books(holder)
    await holder.api.auth.deactivate.mutate()
    await world.settled()
    await world.advance({ days: 40 })
    const rows = await world.app
      .scope()
      .em.execute(
        'select status from subscriptions where account_id in (select account_id from members where user_id = ?)',
        [holder.id],
      )
    expect(rows).toEqual([{ status: 'canceled' }])
    expect(await world.books(holder)).toEqual(before)
  })

  test.runIf(renews)('an account can subscribe again after its subscription has ended', async () => {
    const holder = await aSubscriber(world)
    await holder.api.billing.subscriptions.cancel.mutate()
    await world.advance({ days: 33 })
    const { checkoutUrl } = await holder.api.billing.subscriptions.subscribe.mutate({ planCode: 'large' })
    await world.pay(checkoutUrl, 'good')
    await world.settled()
    expect(await current(holder)).toMatchObject({ plan: { code: 'large' }, hasAccess: true })
    expect(await statuses(holder)).toEqual(['succeeded', 'succeeded'])
    expect(await world.books(holder)).toEqual({ charged: PRICES.small + PRICES.large, refunded: 0 })
  })
})
