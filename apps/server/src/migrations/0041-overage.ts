import { Migration } from '@mikro-orm/migrations'

/**
 * Use above a limit is billed: its prices, and what each subscription bills by use. The previous version knows neither,
 * and leaves the new column alone.
 *
 * The index is built beside its use. Every statement can be repeated if it was interrupted.
 */
export class Overage0041 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "subscriptions" add column if not exists "overage" jsonb null`)
    this.addSql(
      `create table if not exists "overage_prices" ("id" uuid not null, "plan_id" uuid not null, "feature" varchar(64) not null, "unit_price" varchar(24) not null, "currency" varchar(3) not null, "billing_period" text check ("billing_period" in ('monthly', 'yearly')) not null, "provider_price_id" varchar(255) null, "provider_account" varchar(255) null, "created_at" timestamptz(6) not null, "archived_at" timestamptz(6) null, primary key ("id"), constraint "overage_prices_provider_price_unique" unique ("provider_price_id"), constraint "overage_prices_plan_id_foreign" foreign key ("plan_id") references "plans" ("id") on delete cascade)`,
    )
    this.addSql(
      `create unique index if not exists "overage_prices_current" on "overage_prices" ("plan_id", "feature", "unit_price", "currency", "billing_period") where archived_at is null`,
    )
    this.addSql(`drop index concurrently if exists "subscriptions_overage"`)
    this.addSql(`create index concurrently "subscriptions_overage" on "subscriptions" ("id") where overage is not null`)
  }
}
