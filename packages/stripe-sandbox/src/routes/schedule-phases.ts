import { boundary } from '../billing/periods.ts'
import { recurringPrice } from '../billing/recurring-price.ts'
import { exclusiveParams, invalidRequest } from '../http/errors.ts'
import {
  boolean,
  either,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../http/params.ts'
import type { Account } from '../state/account.ts'
import type { SchedulePhase } from '../state/rows/subscription.ts'
import { activePriceInParam, inParam } from './lookup.ts'
import { PRORATION_BEHAVIOR } from './subscription-params.ts'

/** A phase of a subscription schedule, as a request describes it. */
export const PHASE = hash({
  start_date: either(['now'], timestamp()),
  end_date: either(['now'], timestamp()),
  duration: hash({ interval: required(oneOf('day', 'month', 'week', 'year')), interval_count: integer({ min: 1 }) }),
  // From API versions before `duration`. The Stripe CLI's fixtures still send it.
  iterations: integer({ min: 1 }),
  items: required(
    list(hash({ price: required(string()), quantity: integer({ min: 0 }), metadata: metadata() }), { max: 20 }),
  ),
  metadata: metadata(),
  proration_behavior: PRORATION_BEHAVIOR,
  trial: boolean(),
  trial_end: timestamp(),
})

/**
 * Turns a request's phases into a schedule's. Each phase starts where the previous one ends. A last phase without an
 * end lasts one period of its price.
 *
 * @param current the prices that the subscription has now. The account's settings say whether a phase may repeat one of
 *   them after it was archived.
 * @throws {StripeApiError} 400 if the phases leave gaps, overlap, or have no end.
 */
export function readPhases(
  account: Account,
  given: readonly ParamValue<typeof PHASE>[],
  { start, now, current }: { start: number; now: number; current: ReadonlySet<string> },
): SchedulePhase[] {
  const phases: SchedulePhase[] = []
  const kept = account.settings.archivedPricesInPhases === 'accepted' ? current : new Set<string>()
  for (const [index, phase] of given.entries()) {
    const items = phase.items.map(({ price, quantity = 1, metadata: own }, place) => ({
      price: phasePrice(account, price, `phases[${index}][items][${place}][price]`, kept),
      quantity,
      metadata: mergeMetadata({}, own),
    }))
    const { recurring } = recurringPrice(account, items, 'flexible')
    const start_date =
      index === 0
        ? phase.start_date === 'now'
          ? now
          : (phase.start_date ?? start)
        : (phases.at(-1)?.end_date ?? start)
    if (index > 0 && typeof phase.start_date === 'number' && phase.start_date !== start_date) {
      throw invalidRequest('The start date of a phase must match the end date of the phase before it.', {
        param: `phases[${index}][start_date]`,
      })
    }
    if (phase.end_date !== undefined && phase.duration !== undefined)
      throw exclusiveParams('end_date', 'duration', `phases[${index}][duration]`)
    const lasts = phase.duration
      ? { interval: phase.duration.interval, interval_count: phase.duration.interval_count ?? 1 }
      : recurring
    if (
      phase.end_date === undefined &&
      phase.duration === undefined &&
      phase.iterations === undefined &&
      index < given.length - 1
    ) {
      throw invalidRequest(`You must specify an \`end_date\` or a \`duration\` for every phase but the last.`, {
        param: `phases[${index}][end_date]`,
      })
    }
    const end_date =
      phase.end_date === 'now'
        ? now
        : (phase.end_date ?? (lasts ? boundary(start_date, lasts, phase.iterations ?? 1) : start_date))
    if (end_date <= start_date)
      throw invalidRequest('The end date of a phase must be after its start date.', {
        param: `phases[${index}][end_date]`,
      })
    phases.push({
      start_date,
      end_date,
      items,
      metadata: mergeMetadata({}, phase.metadata),
      proration_behavior: phase.proration_behavior ?? 'create_prorations',
      trial_end: phase.trial ? end_date : (phase.trial_end ?? null),
    })
  }
  return phases
}

function phasePrice(account: Account, price: string, param: string, kept: ReadonlySet<string>): string {
  return (kept.has(price) ? inParam(account.prices, price, 'price', param) : activePriceInParam(account, price, param))
    .id
}
