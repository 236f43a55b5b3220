import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo } from '../inbox.ts'
import { reasonOf } from '../rejection.ts'
import { aSubscriber, current, payments, PRICES, subjects, type World } from './world.ts'
import { aHolder, ALL } from './worlds.ts'

describe.each(ALL)('at %s, a change of plan', (_name, open) => {
  let world: World
  beforeAll(async () => (world = await open()))
  afterAll(() => world[Symbol.asyncDispose]())

  test('to a larger one is charged at once, exactly as its preview says; or refused', async () => {
    const holder = await aHolder(world)
    const { previewChange, change } = holder.api.billing.subscriptions
    if (!world.capabilities.changesPlans) {
      expect(await reasonOf(previewChange.query({ planCode: 'large' }))).toBe('PROVIDER_UNSUPPORTED')
      expect(await reasonOf(change.mutate({ planCode: 'large' }))).toBe('PROVIDER_UNSUPPORTED')
      return
    }
    await world.advance({ days: 11, hours: 7 })
    const preview = await previewChange.query({ planCode: 'large' })
    expect(preview).toMatchObject({ creditCents: 0, nextPaymentCents: PRICES.large, currency: world.currency })
    expect(preview.dueNowCents).toBeGreaterThan(11_000)
    expect(preview.dueNowCents).toBeLessThan(14_000)
    const { prorationDate } = preview
    const before = await current(holder)
    expect(await change.mutate({ planCode: 'large', prorationDate })).toMatchObject({
      ...{
        id: before?.id,
        plan: { code: 'large' },
        priceCents: PRICES.large,
        currentPeriodEnd: before?.currentPeriodEnd,
      },
    })
    await world.settled()
    expect((await payments(holder))[0]).toMatchObject({ amountCents: preview.dueNowCents, status: 'succeeded' })
    expect(await world.books(holder)).toEqual({ charged: PRICES.small + preview.dueNowCents, refunded: 0 })
    await aMailTo(holder.email, /You're now on large/)
    expect(await subjects(holder)).toEqual(['Your small subscription has started', "You're now on large"].toSorted())
    await world.advance({ days: 22 })
    expect((await payments(holder))[0]).toMatchObject({ amountCents: PRICES.large, status: 'succeeded' })
  })

  test('asked for five times at once is charged once', async () => {
    const holder = await aHolder(world)
    if (!world.capabilities.changesPlans) {
      expect(await current(holder)).toMatchObject({ plan: { code: 'small' }, priceCents: 0 })
      return
    }
    const { previewChange, change } = holder.api.billing.subscriptions
    const { dueNowCents, prorationDate } = await previewChange.query({ planCode: 'large' })
    await Promise.allSettled(Array.from({ length: 5 }, () => change.mutate({ planCode: 'large', prorationDate })))
    await world.settled()
    expect(await current(holder)).toMatchObject({ plan: { code: 'large' } })
    expect(await world.books(holder)).toEqual({ charged: PRICES.small + dueNowCents, refunded: 0 })
  })

  test('to a smaller one waits for the period’s end, and can be dropped', async () => {
    const holder = world.capabilities.changesPlans ? await aSubscriber(world, 'large') : await aHolder(world)
    const { change } = holder.api.billing.subscriptions
    if (!world.capabilities.changesPlans) {
      expect(await reasonOf(change.mutate({ planCode: 'small' }))).toBe('PROVIDER_UNSUPPORTED')
      return
    }
    const scheduled = {
      plan: { code: 'large' },
      priceCents: PRICES.large,
      scheduledChange: { plan: { code: 'small' } },
    }
    expect(await change.mutate({ planCode: 'small' })).toMatchObject(scheduled)
    expect(await change.mutate({ planCode: 'large' })).toMatchObject({ plan: { code: 'large' }, scheduledChange: null })
    await change.mutate({ planCode: 'small' })
    await world.settled()
    expect(await current(holder)).toMatchObject(scheduled)
    await world.advance({ days: 32 })
    expect(await current(holder)).toMatchObject({
      ...{ plan: { code: 'small' }, priceCents: PRICES.small, scheduledChange: null, hasAccess: true },
    })
    expect(await world.books(holder)).toEqual({ charged: PRICES.large + PRICES.small, refunded: 0 })
  })
})
