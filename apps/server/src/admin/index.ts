import { CountedDay, DayFigure, StaleDay } from './day-figure.entity.ts'
import { PlanCount } from './plan-count.entity.ts'

export { CountDays } from './admin.queues.ts'
export { addUpPlanCounts } from './figures/add-up-plan-counts.ts'
export { countDays } from './figures/count-days.ts'
export { createExportRoutes } from './export.routes.ts'
export { createAdminRouter } from './admin.router.ts'
export type { AdminDeps, EffectiveSetting, Installation } from './admin-scope.ts'
export { listFailedJobs } from './system/list-failed-jobs.ts'
export { retryJob } from './system/retry-job.ts'

export const adminEntities = [DayFigure, CountedDay, StaleDay, PlanCount]
