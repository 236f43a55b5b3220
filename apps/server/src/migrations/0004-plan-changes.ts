import { Migration } from '@mikro-orm/migrations'

export class PlanChanges0004 extends Migration {
  override up(): void {
    this.addSql(
      `create table "plan_changes" ("id" uuid not null, "subscription_id" uuid not null, "price_id" uuid not null, "proration_date" timestamptz(6) not null, "due_now_cents" int null, "credit_cents" int null, "attempts" int not null default 0, "created_at" timestamptz(6) not null, "started_at" timestamptz(6) null, primary key ("id"));`,
    )
    this.addSql(`create index "plan_changes_subscription" on "plan_changes" ("subscription_id", "created_at");`)
    this.addSql(`alter table "customers" add "generation" int not null default 0;`)
    this.addSql(`alter table "checkouts" add "upgrade_from" varchar(255) null;`)
    this.addSql(`alter table "subscriptions" add "reversed_at" timestamptz(6) null;`)
    this.addSql(
      `alter table "plan_changes" add constraint "plan_changes_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "plan_changes" add constraint "plan_changes_price_id_foreign" foreign key ("price_id") references "plan_prices" ("id") on delete cascade;`,
    )
  }
}
