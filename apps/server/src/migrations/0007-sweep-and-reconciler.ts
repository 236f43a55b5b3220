import { Migration } from '@mikro-orm/migrations'

export class SweepAndReconciler0007 extends Migration {
  override up(): void {
    this.addSql(
      `create table "provider_cursors" ("provider" text not null, "listed_until" timestamptz(6) not null, primary key ("provider"));`,
    )
    this.addSql(
      `create table "reconciliation_findings" ("id" uuid not null, "found_at" timestamptz(6) not null, "kind" text not null, "user_id" uuid null, "object_type" text not null, "object_id" varchar(255) not null, "before" jsonb null, "after" jsonb null, primary key ("id"));`,
    )
    this.addSql(`create index "reconciliation_findings_newest" on "reconciliation_findings" ("found_at", "id");`)
    this.addSql(`create index "reconciliation_findings_object" on "reconciliation_findings" ("object_id", "found_at");`)
    this.addSql(`drop index "provider_events_failed";`)
    this.addSql(
      `create index "provider_events_open" on "provider_events" ("received_at", "id") where "status" in ('received', 'failed');`,
    )
    this.addSql(`drop index "subscriptions_due";`)
    this.addSql(`alter table "subscriptions" add "swept_at" timestamptz(6) null;`)
    this.addSql(
      `create index "subscriptions_grants_due" on "subscriptions" ("current_period_end", "id") where "status" != 'canceled' and "provider" = 'manual';`,
    )
    this.addSql(
      `create index "subscriptions_ending_due" on "subscriptions" ("current_period_end", "id") where "status" != 'canceled' and "provider" != 'manual' and "cancel_at_period_end" = true;`,
    )
    this.addSql(
      `create index "subscriptions_renewing_due" on "subscriptions" ("current_period_end", "id") where "status" != 'canceled' and "provider" = 'stripe';`,
    )
    this.addSql(
      `create index "subscriptions_owing" on "subscriptions" ("id") where "status" in ('pending', 'past_due', 'unpaid') and "provider" = 'stripe';`,
    )
    this.addSql(
      `create index "subscriptions_swept" on "subscriptions" ("swept_at", "current_period_end", "id") where "swept_at" is not null;`,
    )
    this.addSql(`create index "payments_open" on "payments" ("id") where "status" in ('pending', 'requires_action');`)
    this.addSql(
      `alter table "provider_cursors" add constraint "provider_cursors_provider_check" check ("provider" in ('stripe', 'paymob'));`,
    )
    this.addSql(
      `alter table "reconciliation_findings" add constraint "reconciliation_findings_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "reconciliation_findings" add constraint "reconciliation_findings_kind_check" check ("kind" in ('event_recovered', 'corrected', 'unknown_at_provider'));`,
    )
    this.addSql(
      `alter table "reconciliation_findings" add constraint "reconciliation_findings_object_type_check" check ("object_type" in ('event', 'subscription', 'payment', 'checkout'));`,
    )
  }
}
