import { after } from '../../platform/clock.ts'
import type { Access } from '../access/decide-access.ts'
import { accessOfRow } from '../access/subscription-row.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import type { State } from './read-states.ts'

/** What an account had at a moment. */
export interface Told extends Access {
  /** The state that decided; null if the account had no subscription. */
  readonly state: State | null
  /** Whether the history does not reach back to the moment, so that the answer may be wrong. */
  readonly isUnknown: boolean
}

/** What changed access next. */
export interface NextChange {
  readonly at: Date
  /** `time`: nothing was changed, but a period, leeway or grace ended. */
  readonly by: 'change' | 'time'
  readonly told: Told
}

const NONE = { hasAccess: false, accessUntil: null, accessReason: 'ended' } as const

/**
 * Says whether an account had access at a moment, by the same `decideAccess` that decides it now. Pure.
 *
 * @param states of all its subscriptions, in the order in which they were recorded.
 */
export function tellAccess(states: readonly State[], at: Date, policy: AccessPolicy): Told {
  return createTelling(states, policy)(at)
}

/**
 * Finds what changed access after a moment: a recorded change, or time itself.
 *
 * @param until up to when; what time alone would change later is not said.
 * @returns null if nothing did.
 */
export function nextChange(
  states: readonly State[],
  { at, until }: { at: Date; until: Date },
  policy: AccessPolicy,
): NextChange | null {
  const tell = createTelling(states, policy)
  const present = tell(at)
  const moments = new Map<number, NextChange['by']>()
  for (const state of states) {
    for (const moment of boundariesOf(state, policy)) moments.set(moment.getTime(), 'time')
  }
  for (const state of states) moments.set(state.at.getTime(), 'change')
  const ahead = [...moments].filter(([moment]) => moment > at.getTime() && moment <= until.getTime())
  for (const [moment, by] of ahead.toSorted(([one], [other]) => one - other)) {
    const told = tell(new Date(moment))
    if (differs(present, told)) return { at: new Date(moment), by, told }
  }
  return null
}

/** A state that holds, its place among all states, and the place of its subscription's first state. */
interface Held {
  readonly state: State
  readonly place: number
  readonly first: number
}

/**
 * Tells access at one moment after the other, and reads each state once. An account may have thousands of states, and as
 * many moments to look at.
 *
 * @returns a function that must be called with ascending moments.
 */
function createTelling(states: readonly State[], policy: AccessPolicy): (at: Date) => Told {
  const begun = states
    .map((state, place) => ({ state, place }))
    .toSorted((one, other) => one.state.at.getTime() - other.state.at.getTime() || one.place - other.place)
  const open = states.filter(({ isOpenBefore }) => isOpenBefore)
  /** Of each subscription, the state that was recorded last among those that have begun. */
  const latest = new Map<string, Held>()
  let next = 0
  const hold = (at: Date): State[] => {
    for (let one = begun[next]; one && one.state.at <= at; one = begun[(next += 1)]) {
      const { state, place } = one
      const held = latest.get(state.subscriptionId)
      const first = Math.min(held?.first ?? place, place)
      latest.set(state.subscriptionId, held && held.place > place ? { ...held, first } : { state, place, first })
    }
    return [...latest.values()].toSorted((one, other) => one.first - other.first).map(({ state }) => state)
  }
  return (at) => {
    const held = hold(at)
    const live = held.find(({ status }) => status !== 'canceled')
    const isUnknown = open.some(
      ({ at: known, startedAt, subscriptionId }) => at < known && at >= startedAt && !latest.has(subscriptionId),
    )
    const state = live ?? held.toSorted((one, other) => other.at.getTime() - one.at.getTime())[0] ?? null
    const access = live ? accessOfRow(live, at, { settings: policy }) : NONE
    return { ...access, state, isUnknown: isUnknown && !live }
  }
}

const differs = (one: Told, other: Told): boolean =>
  one.hasAccess !== other.hasAccess ||
  one.accessReason !== other.accessReason ||
  (one.state?.planId ?? null) !== (other.state?.planId ?? null)

/** When a state can change what it says, although nothing is changed. */
function boundariesOf(state: State, { renewalLeeway, pastDueGrace }: AccessPolicy): Date[] {
  const { current_period_end, cancel_at, past_due_since } = state
  const ends = [current_period_end, cancel_at].flatMap((moment) => (moment === null ? [] : [new Date(moment)]))
  const grace = after(new Date(past_due_since ?? current_period_end), pastDueGrace)
  return [...ends, ...ends.map((end) => after(end, renewalLeeway)), grace]
}
