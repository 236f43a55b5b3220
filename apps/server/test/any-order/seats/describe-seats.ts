import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { liveAsTeam, openTeamStage, teamCase, type TeamStage } from './team-case.ts'

const MINUTE = 60_000

/**
 * Proves that the quantity at Stripe follows an organization's members, whatever happens in between: people join, leave
 * and change roles, plans change, payments fail, events and jobs get lost, and an operator edits the quantity at Stripe.
 *
 * A case is made from its seed alone. `TOLLGATE_SEED=n` runs that case again.
 */
export function describeSeats(seeds: readonly number[]): void {
  describe('a team with a plan per seat', () => {
    let stage: TeamStage
    beforeAll(async () => (stage = await openTeamStage()), 5 * MINUTE)
    afterAll(() => stage[Symbol.asyncDispose]())

    const { TOLLGATE_SEED: asked } = process.env
    test.each(asked ? [Number(asked)] : seeds)(
      'is charged for its members in the end (TOLLGATE_SEED=%i)',
      async (seed) => {
        await fc.assert(
          fc.asyncProperty(teamCase(), async (told) => {
            const { story, wrongs } = await liveAsTeam(stage, told)
            expect(wrongs, `The story:\n${story.join('\n')}`).toEqual([])
          }),
          // No smaller case is searched for: this one can be run again as it is.
          { seed, numRuns: 1, endOnFailure: true },
        )
      },
    )
  })
}
