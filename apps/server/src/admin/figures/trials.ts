import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import type { ListTrialsInput } from '../figures.schemas.ts'
import { addDays, startOf } from './day.ts'

/** How long before its end a trial is listed as one that ends soon. */
const SOON = 3 * DAY

export interface TrialFilter {
  where: string
  values: readonly unknown[]
  /** The column that the list is ordered by. An index has it. */
  by: 'trial_start' | 'trial_end'
}

/** What the figures count and the list shows. Each condition implies that of a partial index. */
export function trialFilter(
  { state, from, to }: Pick<ListTrialsInput, 'state' | 'from' | 'to'>,
  billingNow: Date,
): TrialFilter {
  if (state === 'running') {
    return { where: `${OWN} and trial_start is not null and status = 'trialing'`, values: [], by: 'trial_start' }
  }
  if (state === 'ending') {
    return {
      where: `${OWN} and trial_end > ? and trial_end <= ? and status = 'trialing'`,
      values: [billingNow, after(billingNow, SOON)],
      by: 'trial_end',
    }
  }
  const by = state === 'started' ? 'trial_start' : 'trial_end'
  const end = to ? startOf(addDays(to, 1)) : null
  return {
    where: [
      ...[OWN, `${by} is not null`],
      ...(from ? [`${by} >= ?`] : []),
      ...(end ? [`${by} < ?`] : []),
      ...(state === 'started' ? [] : [`${by} <= ?`]),
      ...(state === 'converted' ? ['converted_at is not null'] : []),
    ].join(' and '),
    values: [...(from ? [startOf(from)] : []), ...(end ? [end] : []), ...(state === 'started' ? [] : [billingNow])],
    by,
  }
}

/** A subscription that should not have been bought is undone at once. Its trial counts nowhere. */
const OWN = 'reversed_at is null'
