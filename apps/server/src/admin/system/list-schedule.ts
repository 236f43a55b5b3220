import { CronExpressionParser } from 'cron-parser'
import { readSchedule, type ScheduledQueue } from '../../platform/jobs/read-schedule.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { ScheduleView } from '../system.schemas.ts'

const RESULTS = {
  created: 'waiting',
  retry: 'retry',
  active: 'running',
  completed: 'succeeded',
  cancelled: 'failed',
  failed: 'failed',
} as const

/** Lists what runs by the clock: when it ran last, with what result, and when it runs next. */
export async function listSchedule({ em, clock }: Pick<AdminScope, 'em' | 'clock'>): Promise<ScheduleView[]> {
  const now = clock.now()
  return (await readSchedule(em)).map(({ queue, cron, last }) => ({
    queue,
    cron,
    nextRunAt: nextRun(cron, now),
    lastRun: last && { ...viewOf(last), result: RESULTS[last.state] },
  }))
}

const viewOf = ({ startedAt, finishedAt, error }: NonNullable<ScheduledQueue['last']>) => ({
  startedAt,
  finishedAt,
  error,
})

/** @returns null for an expression that another version has written, and that can't be read here. */
function nextRun(cron: string, now: Date): Date | null {
  try {
    return CronExpressionParser.parse(cron, { currentDate: now, tz: 'UTC' }).next().toDate()
  } catch {
    return null
  }
}
