import type { PlannedStep, Step, SupportCase } from './case.ts'
import type { SupportAct } from './support-acts.ts'

/** Does the act to the oldest subscription. */
const support = (act: SupportAct): PlannedStep => ({
  ...{ step: { who: 'support', act }, days: 0, works: true },
  numbers: [0, 1],
})
const HOUR: Step = { who: 'clock', act: 'strikes the hour' }
const wait = (days: number): PlannedStep => ({ step: HOUR, days, numbers: [0], works: true })

const story = (steps: readonly PlannedStep[], fate: SupportCase['fates'][number] = 'delivered'): SupportCase => ({
  ...{ first: 0, steps, fates: [fate], faults: [] },
})

/** Stories that the seeds seldom tell: support makes a subscription, and the user's own loses its access. */
export const SECOND_SUBSCRIPTIONS: Readonly<Record<string, SupportCase>> = {
  'no event tells that the days of grace end while another subscription waits': story(
    [support('makes a subscription'), support('replaces the card by a bad one'), wait(32), wait(4)],
    'withheld',
  ),
  'one of two that support made is no longer paid': story([
    ...[support('cancels at once'), support('makes a subscription'), support('replaces the card by a bad one')],
    ...[wait(32), wait(4), support('makes a subscription'), wait(9)],
  ]),
}
