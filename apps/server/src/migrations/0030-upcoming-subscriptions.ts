import { Migration } from '@mikro-orm/migrations'

/**
 * A subscription at another provider may wait until the present one ends, and a checkout page may sell one. The previous
 * version knows neither: it opens no such page, and the new columns are nullable. Every statement can be repeated.
 */
export class UpcomingSubscriptions0030 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "checkouts" add column if not exists "starts_at" timestamptz(6) null`)
    this.addSql(`alter table "subscriptions" add column if not exists "followed_at" timestamptz(6) null`)
    this.addSql(
      `create table if not exists "upcoming_subscriptions" ("id" uuid not null, "account_id" uuid not null, "plan_id" uuid not null, "provider" text not null, "provider_subscription_id" varchar(255) not null, "status" text not null default 'waiting', "starts_at" timestamptz(6) not null, "price" bigint not null, "quantity" int not null, "currency" varchar(3) not null, "billing_period" text not null, "interval_unit" varchar(5) null, "interval_count" int null, "replaces_id" uuid null, "settled_at" timestamptz(6) null, "created_at" timestamptz(6) not null, primary key ("id"), constraint "upcoming_subscriptions_provider_unique" unique ("provider_subscription_id"), constraint "upcoming_subscriptions_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade, constraint "upcoming_subscriptions_plan_id_foreign" foreign key ("plan_id") references "plans" ("id"), constraint "upcoming_subscriptions_replaces_id_foreign" foreign key ("replaces_id") references "subscriptions" ("id") on delete set null, constraint "upcoming_subscriptions_provider_check" check ("provider" in ('stripe', 'paymob')), constraint "upcoming_subscriptions_status_check" check ("status" in ('waiting', 'begun', 'canceled', 'undone')), constraint "upcoming_subscriptions_billing_period_check" check ("billing_period" in ('monthly', 'yearly')))`,
    )
    this.addSql(
      `create unique index if not exists "upcoming_subscriptions_one_waiting" on "upcoming_subscriptions" ("account_id") where "status" = 'waiting'`,
    )
    this.addSql(
      `create index if not exists "upcoming_subscriptions_account" on "upcoming_subscriptions" ("account_id", "id")`,
    )
    this.addSql(`create index if not exists "upcoming_subscriptions_plan" on "upcoming_subscriptions" ("plan_id")`)
    this.addSql(
      `create index if not exists "upcoming_subscriptions_replaces" on "upcoming_subscriptions" ("replaces_id")`,
    )
    this.addSql(
      `create index if not exists "upcoming_subscriptions_due" on "upcoming_subscriptions" ("provider", "id") where "status" = 'waiting'`,
    )
  }
}
