import type { Clock } from '../../platform/clock.ts'
import { SECOND } from '../../platform/durations.ts'
import type { Installation } from '../admin-scope.ts'
import type { DoctorReport } from '../system.schemas.ts'

/** How long a report is given to everyone who asks, because the checks call Stripe and the mail server. */
const KEPT_FOR = 20 * SECOND

/**
 * Creates the use case that runs the checks of `doctor`. Callers at the same time share one run, and a report is kept
 * for a moment. So however often admins ask, the checks run at most every 20 seconds in each process.
 */
export function createExamination({ examine }: Installation): (scope: { clock: Clock }) => Promise<DoctorReport> {
  let last: { at: number; report: Promise<DoctorReport> } | undefined
  return ({ clock }) => {
    if (last && performance.now() - last.at < KEPT_FOR) return last.report
    const report = examine().then((findings) => ({ checkedAt: clock.now(), findings }))
    last = { at: performance.now(), report }
    report.catch(() => (last = undefined))
    return report
  }
}
