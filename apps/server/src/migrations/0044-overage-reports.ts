import { Migration } from '@mikro-orm/migrations'

/** What was used above limits is reported to the provider, from a table of its own. */
export class OverageReports0044 extends Migration {
  override up(): void {
    this.addSql(
      `create table "overage_reports" ("id" uuid not null, "subscription_id" uuid not null, "feature" varchar(64) not null, "since" timestamptz(6) not null, "counted_from" bigint not null, "units" bigint not null, "used_at" timestamptz(6) not null, "created_at" timestamptz(6) not null, "tried_at" timestamptz(6) null, "sent_at" timestamptz(6) null, "written_off_at" timestamptz(6) null, primary key ("id"), constraint "overage_reports_counted" unique ("subscription_id", "feature", "since", "counted_from"), constraint "overage_reports_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on delete cascade)`,
    )
    this.addSql(
      `create index "overage_reports_open" on "overage_reports" ("created_at", "id") where sent_at is null and written_off_at is null`,
    )
  }
}
