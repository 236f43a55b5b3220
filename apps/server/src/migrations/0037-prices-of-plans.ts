import { Migration } from '@mikro-orm/migrations'

/**
 * A plan may be sold for several prices. The first one stays in the plan's own columns, so the previous version sells
 * every plan for it. It takes the rows of the further ones for former prices, and their subscribers keep them.
 *
 * No row is rewritten: the defaults are constants. Every statement can be repeated.
 */
export class PricesOfPlans0037 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "plans" add column if not exists "further_prices" jsonb not null default '[]'`)
    this.addSql(
      `alter table "plan_prices" add column if not exists "provider" text null, add column if not exists "is_further" boolean not null default false`,
    )
    this.addSql(`alter table "plan_prices" drop constraint if exists "plan_prices_provider_check"`)
    this.addSql(
      `alter table "plan_prices" add constraint "plan_prices_provider_check" check ("provider" in ('stripe', 'paymob')) not valid`,
    )
    this.addSql(`alter table "plan_prices" validate constraint "plan_prices_provider_check"`)
    this.addSql(
      `alter table "subscriptions" add column if not exists "scheduled_billing_period" text null, add column if not exists "scheduled_unit_price" bigint null`,
    )
    this.addSql(
      `create unique index concurrently if not exists "plan_prices_further" on "plan_prices" ("plan_id", "billing_period", "currency") where "is_further" = true`,
    )
  }
}
