export { createAdminRouter } from './admin.router.ts'
export type { AdminDeps } from './admin-scope.ts'
export { listFailedJobs } from './list-failed-jobs.ts'
export { retryJob } from './retry-job.ts'
