import { Migration } from '@mikro-orm/migrations'

/**
 * An index to look up scheduled changes by the time they take effect. The previous version does not use it.
 *
 * Building it holds up no writer, and each statement can be repeated if it was interrupted.
 */
export class ScheduledChanges0055 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`drop index concurrently if exists "subscriptions_scheduled"`)
    this.addSql(
      `create index concurrently "subscriptions_scheduled" on "subscriptions" ("scheduled_at", "id") where "scheduled_at" is not null`,
    )
  }
}
