import { Migration } from '@mikro-orm/migrations'

export class AdminListsAndRefunds0005 extends Migration {
  override up(): void {
    this.addSql(
      `create table "refunds" ("id" uuid not null, "payment_id" uuid not null, "amount_cents" int not null, "is_full" boolean not null, "status" text not null default 'requested', "created_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(`create index "refunds_payment" on "refunds" ("payment_id");`)
    this.addSql(`create unique index "refunds_open" on "refunds" ("payment_id") where "status" = 'requested';`)
    this.addSql(`create index "provider_events_newest" on "provider_events" ("received_at", "id");`)
    this.addSql(
      `create index "provider_events_failed" on "provider_events" ("received_at", "id") where "status" = 'failed';`,
    )
    this.addSql(`create index "subscriptions_newest" on "subscriptions" ("started_at", "id");`)
    this.addSql(`create index "payments_newest" on "payments" ("created_at", "id");`)
    this.addSql(
      `alter table "refunds" add constraint "refunds_payment_id_foreign" foreign key ("payment_id") references "payments" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "refunds" add constraint "refunds_status_check" check ("status" in ('requested', 'done'));`,
    )
  }
}
