import * as fc from 'fast-check'
import type { PlannedFault } from '../../faults/faults.ts'
import type { Fate } from '../relay.ts'
import { SUPPORT_ACTS, type SupportAct } from './support-acts.ts'
import { USER_ACTS, type UserActName } from './user-acts.ts'

export type Step =
  | { readonly who: 'support'; readonly act: SupportAct }
  | { readonly who: 'user'; readonly act: UserActName }
  /** An event that Stripe has sent before, or that was lost, arrives. */
  | { readonly who: 'Stripe'; readonly act: 'repeats an event' }
  /** The hourly jobs run. */
  | { readonly who: 'clock'; readonly act: 'strikes the hour' }

export interface PlannedStep {
  readonly step: Step
  /** Days that pass before it. */
  readonly days: number
  /** Decide what it is done to, and how. */
  readonly numbers: readonly number[]
  /** Whether the worker runs afterwards. */
  readonly works: boolean
}

/** What a user and support do to subscriptions, while events get lost and calls fail. */
export interface SupportCase {
  /** How the first subscription begins. */
  readonly first: number
  readonly steps: readonly PlannedStep[]
  /** The fate of each webhook call, in order. The list repeats. */
  readonly fates: readonly Fate[]
  readonly faults: readonly PlannedFault[]
}

/** Most steps of a case. */
const MOST = 14

const supportSteps = (acts: readonly SupportAct[]) => acts.map((act): Step => ({ who: 'support', act }))
const userSteps = (Object.keys(USER_ACTS) as UserActName[])
  .filter((act) => act !== 'closes the account')
  .map((act): Step => ({ who: 'user', act }))
const otherSteps: readonly Step[] = [
  { who: 'Stripe', act: 'repeats an event' },
  { who: 'clock', act: 'strikes the hour' },
  { who: 'user', act: 'closes the account' },
]

export function supportCase() {
  const acts = Object.keys(SUPPORT_ACTS) as SupportAct[]
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...supportSteps(acts)) },
    { weight: 4, arbitrary: fc.constantFrom(...userSteps) },
    { weight: 1, arbitrary: fc.constantFrom(...otherSteps) },
  )
  return fc.record({
    first: fc.nat(9_999),
    steps: fc.array(
      fc.record({
        step,
        days: fc.constantFrom(0, 0, 0, 2, 9, 17, 33),
        numbers: fc.array(fc.nat(9_999), { minLength: 5, maxLength: 5 }),
        works: fc.boolean(),
      }),
      { minLength: 5, maxLength: MOST },
    ),
    fates: fc.array(fc.constantFrom<Fate[]>('delivered', 'delivered', 'delivered', 'withheld', 'answer lost'), {
      minLength: 1,
      maxLength: 40,
    }),
    faults: fc.array(fc.record({ call: fc.nat(900), fault: fc.constantFrom('before' as const, 'after' as const) }), {
      maxLength: 8,
    }),
  }) satisfies fc.Arbitrary<SupportCase>
}
