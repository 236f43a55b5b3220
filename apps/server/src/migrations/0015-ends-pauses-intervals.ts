import { Migration } from '@mikro-orm/migrations'

/**
 * A subscription knows its end date, its pause, and an interval other than a month or a year. All columns may be null,
 * which is what older rows have until they are converged. The index is built without a lock, so outside a transaction;
 * after a failure, the migration can be run again.
 */
export class EndsPausesIntervals0015 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `alter table "subscriptions" add column if not exists "interval_unit" varchar(5) null, add column if not exists "interval_count" int null, add column if not exists "cancel_at" timestamptz(6) null, add column if not exists "paused_from" timestamptz(6) null, add column if not exists "paused_until" timestamptz(6) null;`,
    )
    this.addSql(`drop index concurrently if exists "subscriptions_odd_interval";`)
    this.addSql(
      `create index concurrently "subscriptions_odd_interval" on "subscriptions" ("status", "currency", "billing_period", "interval_unit", "interval_count", "price_cents") where "interval_unit" is not null;`,
    )
  }
}
