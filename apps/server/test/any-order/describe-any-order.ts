import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordStories, type Stage } from './recording.ts'
import type { Outcome } from './rows.ts'
import { play, shuffledCase, undisturbed } from './shuffled-case.ts'
import { STORIES } from './stories.ts'

const MINUTE = 60_000

/**
 * The proof that events may come in any order, several times, late or never, and that anything may fail while they are
 * worked off: after one round of the reconciler the rows and the mails are those of an undisturbed run.
 *
 * A case is made from its seed alone; `TOLLGATE_SEED=n` runs that one again.
 */
export function describeAnyOrder(seeds: readonly number[]): void {
  describe("Stripe's events, in any order, repeated, lost, late, and with faults while they are worked off", () => {
    let stage: Stage
    const expected = new Map<string, Outcome>()
    beforeAll(async () => (stage = await recordStories()), 5 * MINUTE)
    afterAll(() => stage[Symbol.asyncDispose]())

    const expectedOf = async (story: string) => {
      const outcome = expected.get(story) ?? (await undisturbed(stage, story))
      expected.set(story, outcome)
      return outcome
    }

    test.each(Object.entries(STORIES))(
      'in their own order tell of %s, and leave no loose ends',
      async (story, told) => {
        const { loose, mails, subscriptions } = await expectedOf(story)
        expect(loose).toEqual([])
        expect(subscriptions.length).toBeGreaterThan(0)
        expect(mails.map((fact) => fact.split(':')[0])).toEqual(told.mails)
      },
    )

    test.each(seedsAskedFor(seeds))('end in the same rows and mails (TOLLGATE_SEED=%i)', async (seed) => {
      await fc.assert(
        fc.asyncProperty(shuffledCase(Object.keys(STORIES)), async (told) => {
          const right = await expectedOf(told.story)
          const { outcome, thrown } = await play(stage, told)
          expect(outcome, `${told.story}; what went wrong on the way:\n${thrown.join('\n')}`).toEqual(right)
        }),
        // Nothing smaller is looked for: the case is as good to run again.
        { seed, numRuns: 1, endOnFailure: true },
      )
    })
  })
}

function seedsAskedFor(seeds: readonly number[]): readonly number[] {
  const { TOLLGATE_SEED: seed } = process.env
  return seed ? [Number(seed)] : seeds
}
