import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../admin.ts'
import { reasonOf } from '../rejection.ts'
import { aSubscriber, current, payments, PRICES, type World } from './world.ts'
import { PAID } from './worlds.ts'

describe.each(PAID)('at %s, a refund', (_name, open) => {
  let world: World
  let admin: TollgateClient['api']
  beforeAll(async () => {
    world = await open()
    admin = (await anAdmin(world.app)).api
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test.each([
    ['on the same day', 0],
    ['days later', 5],
  ])('in full %s is made once, and the access stays', async (_when, days) => {
    const holder = await aSubscriber(world)
    if (days > 0) await world.advance({ days })
    const [payment] = await payments(holder)
    const id = payment?.id ?? ''
    const refunds = await Promise.all(
      Array.from({ length: 3 }, () => reasonOf(admin.admin.payments.refund.mutate({ id }))),
    )
    expect(refunds).toContain('fine')
    await world.settled()
    expect((await payments(holder))[0]).toMatchObject({ status: 'refunded', refundedCents: PRICES.small })
    expect(await world.books(holder)).toEqual({ charged: PRICES.small, refunded: PRICES.small })
    expect(await current(holder)).toMatchObject({ hasAccess: true })
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id }))).toBe('NOT_REFUNDABLE')
  })

  test('in parts adds up, and never exceeds the payment', async () => {
    const holder = await aSubscriber(world)
    const id = (await payments(holder))[0]?.id ?? ''
    await admin.admin.payments.refund.mutate({ id, amountCents: 2_500 })
    await admin.admin.payments.refund.mutate({ id, amountCents: 2_500 })
    await world.settled()
    expect((await payments(holder))[0]).toMatchObject({ status: 'partially_refunded', refundedCents: 5_000 })
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id, amountCents: 5_001 }))).toBe('INVALID_INPUT')
    expect(await world.books(holder)).toEqual({ charged: PRICES.small, refunded: 5_000 })
  })
})
