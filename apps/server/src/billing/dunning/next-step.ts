import { after } from '../../platform/clock.ts'
import { parseDuration } from '../../platform/durations.ts'
import type { DunningPolicy } from '../billing.settings.ts'

/** What the steps of a recovery depend on. */
export interface Progress {
  readonly since: Date
  /** When the provider stopped trying; null while it goes on. */
  readonly givenUpAt: Date | null
  /** The step that was taken last: of this policy, or of an earlier one. */
  readonly lastStep: string | null
}

export interface Step {
  readonly name: string
  readonly at: Date
}

const FINAL = 'final'

/**
 * The steps that are still to come, in order. The final one is among them once the provider no longer tries: it follows
 * the dated ones. Pure.
 */
export function stepsAhead(policy: DunningPolicy | null, { since, givenUpAt, lastStep }: Progress): Step[] {
  if (!policy || lastStep === FINAL) return []
  const done = lastStep === null ? -1 : (parseDuration(lastStep) ?? -1)
  const dated = policy.reminders
    .filter((reminder) => reminder.after > done)
    .map((reminder) => ({ name: reminder.name, at: after(since, reminder.after) }))
  if (!policy.hasFinal || !givenUpAt) return dated
  const lastDate = after(since, policy.reminders.at(-1)?.after ?? 0)
  return [...dated, { name: FINAL, at: givenUpAt > lastDate ? givenUpAt : lastDate }]
}

/** The step that is due: the last one, if several are, so that a customer gets one mail and not all that were missed. */
export function dueStep(policy: DunningPolicy | null, progress: Progress, billingNow: Date): Step | null {
  return stepsAhead(policy, progress).findLast(({ at }) => at <= billingNow) ?? null
}

/** Whether the first failure of an invoice is a step of its own. */
export const startsAtOnce = (policy: DunningPolicy | null): boolean => policy?.reminders[0]?.after === 0
