import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aVisitor, current, PRICES, statuses, type Subscriber, type World } from './world.ts'
import { PAID } from './worlds.ts'

/** Always the same shuffle for a seed (mulberry32 and Fisher-Yates), with every third notice twice. */
export const shuffledBy =
  (seed: number) =>
  <T>(notices: readonly T[]): T[] => {
    let state = seed
    const random = () => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    }
    const all = [...notices, ...notices.filter((_, at) => at % 3 === 0)]
    return all
      .map((notice) => ({ notice, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ notice }) => notice)
  }

/** A purchase, a renewal that fails and recovers, a larger plan, and a cancellation, without a single notice. */
async function liveUnseen(world: World): Promise<Subscriber> {
  await world.notices({ drop: 1 })
  const holder = await aVisitor(world)
  const { subscribe, sync, change, cancel } = holder.api.billing.subscriptions
  const { checkoutUrl, sessionId } = await subscribe.mutate({ planCode: 'small' })
  await world.pay(checkoutUrl, 'good')
  await sync.mutate({ sessionId })
  await world.failRenewals(holder, true)
  await world.advanceUnseen({ days: 32 })
  await world.failRenewals(holder, false)
  await world.advanceUnseen({ days: 8 })
  await sync.mutate({ sessionId })
  await change.mutate({ planCode: 'large' })
  await cancel.mutate()
  await world.notices({})
  return holder
}

/** Sends all notices of a life in an order that a seed decides, for each provider. */
export const describeAnyOrder = (seeds: readonly number[]) =>
  describe.each(PAID)('at %s, the notices of a life', (_name, open) => {
    let world: World
    beforeAll(async () => (world = await open()))
    afterAll(() => world[Symbol.asyncDispose]())

    test.each(seeds)('lead to the same state in any order (seed %i)', async (seed) => {
      const holder = await liveUnseen(world)
      await world.sendAllAgain(shuffledBy(seed))
      await world.settled()
      expect(await current(holder)).toMatchObject({
        ...{ plan: { code: 'large' }, priceCents: PRICES.large, status: 'active', accessReason: 'ending' },
      })
      expect(await statuses(holder)).toEqual(['succeeded', 'succeeded', 'succeeded'])
      const paid = (await holder.api.billing.payments.list.query({})).items
      const charged = paid.reduce((sum, { amountCents }) => sum + amountCents, 0)
      expect(await world.books(holder)).toEqual({ charged, refunded: 0 })
    })
  })
