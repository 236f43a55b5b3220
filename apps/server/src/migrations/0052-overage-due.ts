import { Migration } from '@mikro-orm/migrations'

/**
 * What is used above limits is looked for by when a subscription has ended, so those that ended long ago are left out.
 * The previous version reads all that bill by use, for which this index is as good as the former one.
 *
 * It is built beside its use, and every statement can be repeated if it was interrupted.
 */
export class OverageDue0052 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`drop index concurrently if exists "subscriptions_overage_due"`)
    this.addSql(
      `create index concurrently "subscriptions_overage_due" on "subscriptions" ((case when "status" = 'canceled' then "current_period_end" else 'infinity'::timestamptz end), "id") where "overage" is not null`,
    )
    this.addSql(`drop index concurrently if exists "subscriptions_overage"`)
  }
}
