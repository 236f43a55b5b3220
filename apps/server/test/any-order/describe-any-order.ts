import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstOf } from '../long.ts'
import { inPeace, livedCase, liveThrough, type Life } from './lived-case.ts'
import { openStage, recordStories, type RecordedStage, type Stage } from './recording.ts'
import type { Outcome } from './rows.ts'
import { play, shuffledCase, undisturbed } from './shuffled-case.ts'
import { STORIES } from './stories.ts'

const MINUTE = 60_000

/**
 * Proves that events may arrive in any order, several times, late, or never, and that any call may fail while they are
 * applied. After one round of the reconciler, the rows and the mails are those of an undisturbed run.
 *
 * A case is made from its seed alone. `TOLLGATE_SEED=n` runs that case again.
 */
export function describeAnyOrder(seeds: readonly number[]): void {
  describe("Stripe's events in any order, repeated, lost, or late, with faults while they are applied,", () => {
    let stage: RecordedStage
    const expected = new Map<string, Outcome>()
    beforeAll(async () => (stage = await recordStories()), 5 * MINUTE)
    afterAll(() => stage[Symbol.asyncDispose]())

    const expectedOf = async (story: string) => {
      const outcome = expected.get(story) ?? (await undisturbed(stage, story))
      expected.set(story, outcome)
      return outcome
    }

    test.each(firstOf(4, Object.entries(STORIES)))(
      'tell of %s in their own order, and leave nothing unfinished',
      async (story, told) => {
        const { loose, mails, subscriptions } = await expectedOf(story)
        expect(loose).toEqual([])
        expect(subscriptions.length).toBeGreaterThan(0)
        expect(mails.map((fact) => fact.split(':')[0])).toEqual(told.mails)
      },
    )

    test.each(seedsAskedFor(seeds))('lead to the same rows and mails (TOLLGATE_SEED=%i)', async (seed) => {
      await fc.assert(
        fc.asyncProperty(shuffledCase(Object.keys(STORIES)), async (told) => {
          const right = await expectedOf(told.story)
          const { outcome, thrown } = await play(stage, told)
          expect(outcome, `${told.story}, with these faults:\n${thrown.join('\n')}`).toEqual(right)
        }),
        // No smaller case is searched for: this one can be run again as it is.
        { seed, numRuns: 1, endOnFailure: true },
      )
    })
  })
}

/**
 * Proves the same while the stories happen, so that events, repeats, and time interact. Every mail is sent, except one
 * that is outdated when its event arrives, for example about a failed payment that has been paid since.
 */
export function describeLives(seeds: readonly number[]): void {
  describe('the life of a subscription whose events get lost, come late, and meet faults at any call', () => {
    let stage: Stage
    const expected = new Map<string, Life>()
    beforeAll(async () => (stage = await openStage()), 5 * MINUTE)
    afterAll(() => stage[Symbol.asyncDispose]())

    test.each(seedsAskedFor(seeds))('ends in the same rows and mails (TOLLGATE_SEED=%i)', async (seed) => {
      await fc.assert(
        fc.asyncProperty(livedCase(Object.keys(STORIES)), async (told) => {
          const right = expected.get(told.story) ?? (await liveThrough(stage, inPeace(told.story))).life
          expected.set(told.story, right)
          const { life, thrown } = await liveThrough(stage, told)
          const { mails: sent, ...rows } = life
          const { mails: inPeaceSent, ...rightRows } = right
          const tooMany = without(sent, inPeaceSent)
          const tooFew = without(STORIES[told.story]?.mails ?? [], sent)
          expect({ ...rows, tooMany, tooFew, thrown }).toEqual({ ...rightRows, tooMany: [], tooFew: [], thrown })
        }),
        { seed, numRuns: 1, endOnFailure: true },
      )
    })
  })
}

/** Removes from `some` one element for each equal element of `others`. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return some.filter((one) => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function seedsAskedFor(seeds: readonly number[]): readonly number[] {
  const { TOLLGATE_SEED: seed } = process.env
  return seed ? [Number(seed)] : seeds
}
