import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stripeClient } from '../../stripe.ts'
import { openStage, type Stage } from '../recording.ts'
import { supportCase } from './case.ts'
import { live } from './live-case.ts'
import type { Shelf } from './world.ts'

const MINUTE = 60_000
const { TOLLGATE_SEED: asked, TOLLGATE_SEEDS: count = '1', TOLLGATE_SHRINK: shrinks } = process.env

/**
 * Proves that the product follows whatever support does in Stripe's dashboard, between the user's own acts, while
 * events get lost, come late or come twice, and any call fails. Once the product has converged:
 *
 * - our rows say what Stripe says
 * - the user may use what they pay for, and nothing else
 * - nothing was charged twice
 * - nothing that support decided is undone, unless the user then decided the same thing
 *
 * A case is made from its seed alone. `TOLLGATE_SEED=n` runs that case again; with `TOLLGATE_SEEDS=20`, twenty from
 * there on. `TOLLGATE_SHRINK=1` looks for a shorter story that fails.
 */
export function describeSupport(seeds: readonly number[]): void {
  describe("whatever support does in Stripe's dashboard", () => {
    let stage: Stage
    let shelf: Shelf
    beforeAll(async () => {
      stage = await openStage()
      shelf = await fillShelf(stage)
    }, 5 * MINUTE)
    afterAll(() => stage[Symbol.asyncDispose]())

    test.each(asked ? seedsFrom(Number(asked), Number(count)) : seeds)(
      'the product follows (TOLLGATE_SEED=%i)',
      async (seed) => {
        await fc.assert(
          fc.asyncProperty(supportCase(), async (told) => {
            const { wrongs, story } = await live(stage, shelf, told)
            expect(wrongs, `The story:\n${story.join('\n')}`).toEqual([])
          }),
          { seed, numRuns: 1, endOnFailure: !shrinks },
        )
      },
    )
  })
}

export const seedsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => first + at)

async function fillShelf({ faulty: { app } }: Stage): Promise<Shelf> {
  const stripe = stripeClient(app)
  const product = await stripe.products.create({ name: 'Add-on' })
  const addOn = async (unit_amount: number) =>
    (
      await stripe.prices.create({
        ...{ product: product.id, currency: 'usd', unit_amount, recurring: { interval: 'month' } },
      })
    ).id
  const coupons = await Promise.all([
    stripe.coupons.create({ percent_off: 20, duration: 'forever' }),
    stripe.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 3 }),
    stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'once' }),
  ])
  const [endpoint] = (await stripe.webhookEndpoints.list()).data
  return {
    addOns: [await addOn(700), await addOn(2_500)],
    coupons: coupons.map(({ id }) => id),
    endpoint: endpoint?.id ?? '',
  }
}
