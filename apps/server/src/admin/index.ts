export { createAdminRouter } from './admin.router.ts'
export type { AdminDeps } from './admin-scope.ts'
export { listFailedJobs } from './system/list-failed-jobs.ts'
export { retryJob } from './system/retry-job.ts'
