import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { supportCase, type SupportCase } from './case.ts'
import { live } from './live-case.ts'
import { openShop, type Shop } from './open-shop.ts'

const MINUTE = 60_000
const { TOLLGATE_SEED: asked, TOLLGATE_SEEDS: count = '1', TOLLGATE_SHRINK: shrinks } = process.env

/**
 * Proves that the product follows whatever support does in Stripe's dashboard, between the user's own acts, while
 * events get lost, come late or come twice, and any call fails. Once the product has converged:
 *
 * - our rows say what Stripe says
 * - the user may use what they pay for, and nothing else
 * - who has paid for a running period has access, whatever other subscription there is
 * - nothing was charged twice, and nothing of a replaced subscription is still collected
 * - nothing that support decided is undone, unless the user then decided the same thing
 *
 * A case is made from its seed alone. `TOLLGATE_SEED=n` runs that case again; with `TOLLGATE_SEEDS=20`, twenty from
 * there on. `TOLLGATE_SHRINK=1` looks for a shorter story that fails.
 */
export function describeSupport(seeds: readonly number[], stories: Readonly<Record<string, SupportCase>> = {}): void {
  describe("whatever support does in Stripe's dashboard", () => {
    let shop: Shop
    beforeAll(async () => (shop = await openShop()), 5 * MINUTE)
    afterAll(() => shop[Symbol.asyncDispose]())

    test.each(asked ? [] : Object.entries(stories))('the product follows when %s', async (_what, told) => {
      const { wrongs, story } = await live(shop, told)
      expect(wrongs, `The story:\n${story.join('\n')}`).toEqual([])
    })

    test.each(asked ? seedsFrom(Number(asked), Number(count)) : seeds)(
      'the product follows (TOLLGATE_SEED=%i)',
      async (seed) => {
        await fc.assert(
          fc.asyncProperty(supportCase(), async (told) => {
            const { wrongs, story } = await live(shop, told)
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
