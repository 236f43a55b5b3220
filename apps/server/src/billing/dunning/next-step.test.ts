import { describe, expect, test } from 'vitest'
import { DAY } from '../../platform/durations.ts'
import { dueStep, stepsAhead, type Progress } from './next-step.ts'

const SINCE = new Date('2026-12-01T00:00:00Z')
const at = (days: number) => new Date(SINCE.getTime() + days * DAY)
const POLICY = {
  reminders: [
    { name: '0d', after: 0 },
    { name: '3d', after: 3 * DAY },
    { name: '7d', after: 7 * DAY },
  ],
  hasFinal: true,
}
const progress = (changes: Partial<Progress> = {}): Progress => ({
  ...{ since: SINCE, givenUpAt: null, lastStep: null },
  ...changes,
})

describe('the steps of dunning', () => {
  test.each([
    ['begins with the first one', {}, 0, '0d'],
    ['takes nothing between two', { lastStep: '0d' }, 2.9, null],
    ['takes the next one at its time', { lastStep: '0d' }, 3, '3d'],
    ['takes only the last of several that are due', {}, 8, '7d'],
    ['waits with the final one while the provider tries', { lastStep: '7d' }, 30, null],
    ['takes the final one when the provider has given up', { lastStep: '7d', givenUpAt: at(14) }, 14, 'final'],
    ['takes the dated ones first, if the provider gives up early', { lastStep: '0d', givenUpAt: at(1) }, 3, '3d'],
    ['ends with the final one', { lastStep: 'final', givenUpAt: at(1) }, 90, null],
    ['goes on behind a step that the policy no longer has', { lastStep: '5d' }, 7, '7d'],
  ] as const)('%s', (_, changes, day, name) => {
    expect(dueStep(POLICY, progress(changes), at(day))?.name ?? null).toBe(name)
  })

  test('says which are ahead, and when', () => {
    expect(stepsAhead(POLICY, progress({ lastStep: '3d', givenUpAt: at(2) }))).toEqual([
      { name: '7d', at: at(7) },
      { name: 'final', at: at(7) },
    ])
  })

  test('has none without a policy', () => {
    expect(stepsAhead(null, progress())).toEqual([])
  })
})
