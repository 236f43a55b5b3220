import { after } from '../../platform/clock.ts'
import { DAY, parseDuration } from '../../platform/durations.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { RecoverySummary, RecoverySummaryInput } from '../recoveries.schemas.ts'

/** Adds up what is open now, and what was recovered and lost in the last days, by the last mail before it ended. */
export async function summarizeRecoveries(
  { em, billing }: AdminScope,
  { days }: RecoverySummaryInput,
): Promise<RecoverySummary> {
  const since = after(await billing.time.now(), -days * DAY)
  const open = await em.execute<{ currency: string; count: number; cents: string }[]>(
    `select currency, count(*)::int as count, sum(amount)::text as cents from recoveries
     where ended_at is null group by currency order by count(*) desc, currency`,
  )
  const ended = await em.execute<EndedRow[]>(
    `select last_step as step, currency,
       count(*) filter (where outcome = 'recovered')::int as recovered,
       coalesce(sum(amount) filter (where outcome = 'recovered'), 0)::text as recovered_cents,
       count(*) filter (where outcome <> 'recovered')::int as lost,
       coalesce(sum(amount) filter (where outcome <> 'recovered'), 0)::text as lost_cents
     from recoveries where outcome is not null and ended_at is not null and ended_at > ? group by last_step, currency`,
    [since],
  )
  return {
    open: open.map(({ cents, ...rest }) => ({ ...rest, cents: Number(cents) })),
    ended: ended
      .toSorted((one, other) => placeOf(one.step) - placeOf(other.step) || one.currency.localeCompare(other.currency))
      .map(({ step, currency, recovered, recovered_cents, lost, lost_cents }) => ({
        ...{ step, currency },
        ...{ recoveredCount: recovered, recoveredCents: Number(recovered_cents) },
        ...{ lostCount: lost, lostCents: Number(lost_cents) },
      })),
  }
}

interface EndedRow {
  step: string | null
  currency: string
  recovered: number
  recovered_cents: string
  lost: number
  lost_cents: string
}

/** In the order in which the mails are sent. */
function placeOf(step: string | null): number {
  if (step === null) return -1
  return parseDuration(step) ?? Number.MAX_SAFE_INTEGER
}
