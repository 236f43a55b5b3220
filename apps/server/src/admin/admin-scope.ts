import type { AccountsDeps } from '../accounts/index.ts'
import type { AuthDeps } from '../auth/index.ts'
import type { BillingDeps } from '../billing/index.ts'
import type { WebhooksDeps } from '../events/index.ts'
import type { MailDeps } from '../mail/index.ts'
import type { QueueSettings } from '../platform/jobs/jobs.ts'
import type { Scope } from '../platform/scope.ts'

/** All queues, each with the fields of its jobs that admins may see. */
export type ShownQueues = readonly (Pick<QueueSettings, 'name'> & { readonly shownFields: readonly string[] })[]

/** What the admin slice needs for as long as the process runs. */
export interface AdminDeps {
  readonly auth: AuthDeps
  readonly accounts: AccountsDeps
  readonly billing: BillingDeps
  readonly webhooks: WebhooksDeps
  readonly mail: MailDeps
  readonly queues: ShownQueues
  readonly installation: Installation
}

/** What the program says about itself. The program's root supplies it, because slices don't know the configuration. */
export interface Installation {
  readonly version: string
  readonly settings: readonly EffectiveSetting[]
  /** Runs the checks of `doctor`. Its findings name no secret. */
  examine(): Promise<{ about: string; state: 'fine' | 'odd' | 'wrong'; text: string }[]>
}

export interface EffectiveSetting {
  readonly name: string
  readonly description: string
  /** Secrets are masked in full. Null if it is not set and has no default. */
  readonly value: string | null
  readonly isSecret: boolean
  readonly origin: 'set' | 'default' | 'unset'
}

/** The scope of one call of an admin use case. */
export interface AdminScope extends Scope {
  readonly billing: BillingDeps
}

/** The scope of one page of a list that is downloaded. */
export type ExportScope = AdminScope & Pick<AdminDeps, 'queues'>

/** The scope of one call about people and accounts. */
export interface PeopleScope extends AdminScope {
  readonly auth: AuthDeps
  readonly accounts: AccountsDeps
}
