import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../admin.ts'
import { reasonOf } from '../rejection.ts'
import { aSubscriber, aVisitor, current, payments, PRICES, type World } from './world.ts'
import { PAID } from './worlds.ts'

describe.each(PAID)('while %s is down,', (_name, open) => {
  let world: World
  beforeAll(async () => (world = await open()))
  afterEach(() => world.outage(false))
  afterAll(() => world[Symbol.asyncDispose]())

  test('everything that needs it is refused and changes nothing, and works afterwards', async () => {
    const holder = await aSubscriber(world)
    const { subscriptions } = holder.api.billing
    const { api } = await anAdmin(world.app)
    const id = (await payments(holder))[0]?.id ?? ''
    const before = await current(holder)
    await world.outage(true)
    for (const call of [
      () => subscriptions.previewChange.query({ planCode: 'large' }),
      () => subscriptions.change.mutate({ planCode: 'large' }),
      () => subscriptions.cancel.mutate(),
      () => api.admin.payments.refund.mutate({ id, amountCents: 100 }),
    ]) {
      expect(await reasonOf(call())).toBe('PAYMENT_PROVIDER_ERROR')
    }
    expect(await current(holder)).toEqual(before)
    await world.outage(false)
    expect(await world.books(holder)).toEqual({ charged: PRICES.small, refunded: 0 })

    await api.admin.payments.refund.mutate({ id, amountCents: 100 })
    await subscriptions.cancel.mutate()
    await world.settled()
    expect(await current(holder)).toMatchObject({ accessReason: 'ending' })
    expect(await world.books(holder)).toEqual({ charged: PRICES.small, refunded: 100 })
  })

  test('notices are kept, and applied when it is back', async () => {
    const buyer = await aVisitor(world)
    const { checkoutUrl } = await buyer.api.billing.subscriptions.subscribe.mutate({ planCode: 'small' })
    await world.app.stopWorker()
    await world.pay(checkoutUrl, 'good')
    await world.outage(true)
    await world.app.startWorker()
    const { em } = world.app.scope()
    await expect
      .poll(() => em.execute("select 1 from provider_events where status = 'failed' limit 1"), { timeout: 10_000 })
      .toHaveLength(1)
    expect(await current(buyer)).toBeNull()
    await world.outage(false)
    await world.settled()
    expect(await current(buyer)).toMatchObject({ hasAccess: true })
    expect(await world.books(buyer)).toEqual({ charged: PRICES.small, refunded: 0 })
  })
})
