export { createAdminRouter } from './admin.router.ts'
export type { AdminParts } from './admin-scope.ts'
