import { expect, test } from 'vitest'
import { randomFrom } from '../../../test/random-from.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import { accessOfRow } from '../access/subscription-row.ts'
import type { State } from './read-states.ts'
import { nextChange, tellAccess } from './tell-access.ts'

const POLICY = { renewalLeeway: HOUR, pastDueGrace: 3 * DAY }
const START = Date.parse('2026-01-01T00:00:00Z')
const STATUSES = ['active', 'active', 'active', 'past_due', 'canceled', 'paused'] as const

function aState(of: Partial<State> & { at: Date }): State {
  return {
    ...{ subscriptionId: 'one', planId: 'plan', provider: 'stripe', status: 'active', cause: null },
    ...{ startedAt: new Date(START), recordedAt: of.at, isOpenBefore: false },
    ...{ current_period_end: new Date(of.at.getTime() + 2 * DAY).toISOString(), cancel_at_period_end: false },
    ...{ cancel_at: null, paused_from: null, past_due_since: null, is_followed: false },
    ...of,
  }
}

test.each([1, 2, 3, 4, 5])('the state that decides is the last one recorded of each subscription, seed %i', (seed) => {
  const random = randomFrom(seed)
  const states = Array.from({ length: 40 }, (_, hour) => {
    // A clock that was moved back records a state that began before the one recorded earlier.
    const at = new Date(START + (hour - (random() < 0.2 ? 30 * random() : 0)) * HOUR)
    const status = STATUSES[Math.floor(random() * STATUSES.length)] ?? 'active'
    return aState({ at, status, subscriptionId: random() < 0.7 ? 'one' : 'other', planId: `plan ${hour % 3}` })
  })
  for (let hour = -31; hour < 100; hour += 1) {
    const at = new Date(START + hour * HOUR)
    const begun = states.filter((state) => state.at <= at)
    const held = ['one', 'other'].flatMap((id) => begun.findLast(({ subscriptionId }) => subscriptionId === id) ?? [])
    const live = held.filter(({ status }) => status !== 'canceled')
    const told = tellAccess(states, at, POLICY)
    if (live.length === 0) expect([told.hasAccess, held.length > 0]).toEqual([false, told.state !== null])
    else {
      expect(live).toContain(told.state)
      expect(told.state && accessOfRow(told.state, at, { settings: POLICY })).toMatchObject({
        hasAccess: told.hasAccess,
      })
    }
  }
})

test('what comes next in ten thousand states is found by reading each a few times', () => {
  let reads = 0
  const states = Array.from({ length: 10_000 }, (_, hour) => {
    const state = aState({ at: new Date(START + hour * HOUR) })
    const get = () => {
      reads += 1
      return state.at
    }
    return Object.defineProperty({ ...state }, 'at', { get })
  })
  const [at, until] = [new Date(START), new Date(START + 20_000 * HOUR)]
  expect(nextChange(states, { at, until }, POLICY)).toMatchObject({ by: 'time', told: { accessReason: 'ended' } })
  expect(reads).toBeLessThan(100 * states.length)
})
