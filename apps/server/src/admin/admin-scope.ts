import type { BillingParts } from '../billing/index.ts'
import type { QueueSettings } from '../platform/jobs/jobs.ts'
import type { Scope } from '../platform/scope.ts'

/** The process-lifetime things that admin stands on. */
export interface AdminParts {
  readonly billing: BillingParts
  /** Every queue there is, with what an admin may see of its jobs. */
  readonly queues: readonly (Pick<QueueSettings, 'name'> & { readonly shownFields: readonly string[] })[]
}

/** What admin's use cases may touch. */
export interface AdminScope extends Scope {
  readonly billing: BillingParts
}
