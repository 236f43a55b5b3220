import type { AccountsDeps } from '../accounts/index.ts'
import type { AuthDeps } from '../auth/index.ts'
import type { BillingDeps } from '../billing/index.ts'
import type { QueueSettings } from '../platform/jobs/jobs.ts'
import type { Scope } from '../platform/scope.ts'

/** What the admin slice needs for as long as the process runs. */
export interface AdminDeps {
  readonly auth: AuthDeps
  readonly accounts: AccountsDeps
  readonly billing: BillingDeps
  /** All queues, each with the fields of its jobs that admins may see. */
  readonly queues: readonly (Pick<QueueSettings, 'name'> & { readonly shownFields: readonly string[] })[]
}

/** The scope of one call of an admin use case. */
export interface AdminScope extends Scope {
  readonly billing: BillingDeps
}

/** The scope of one call about people and accounts. */
export interface PeopleScope extends AdminScope {
  readonly auth: AuthDeps
  readonly accounts: AccountsDeps
}
