import { Migration } from '@mikro-orm/migrations'

/** Endpoints of other programs, and the deliveries to them, in tables of their own. The previous version doesn't use them. */
export class Webhooks0048 extends Migration {
  override up(): void {
    this.addSql(
      `create table if not exists "webhook_endpoints" ("id" uuid not null, "url" varchar(2000) not null, "types" jsonb null, "description" varchar(200) not null, "state" text not null, "off_reason" text null, "created_at" timestamptz(6) not null, "failing_since" timestamptz(6) null, "quiet_until" timestamptz(6) null, "secrets" jsonb not null, primary key ("id"))`,
    )
    this.addSql(
      `create table if not exists "webhook_deliveries" ("id" uuid not null, "event_id" uuid not null, "endpoint_id" uuid not null, "type" text not null, "state" text not null, "attempts" int not null, "next_attempt_at" timestamptz(6) not null, "claim" uuid null, "last_status" int null, "last_error" text null, "delivered_at" timestamptz(6) null, "created_at" timestamptz(6) not null, primary key ("id"))`,
    )
    this.addSql(
      `create index "webhook_deliveries_due" on "webhook_deliveries" ("endpoint_id", "next_attempt_at", "id") where "state" = 'waiting'`,
    )
    this.addSql(`create index "webhook_deliveries_endpoint" on "webhook_deliveries" ("endpoint_id", "id")`)
    this.addSql(
      `create index "webhook_deliveries_parked" on "webhook_deliveries" ("endpoint_id", "id") where "state" = 'parked'`,
    )
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_event" unique ("event_id", "endpoint_id")`,
    )
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_event_id_foreign" foreign key ("event_id") references "events" ("id") on delete cascade`,
    )
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_endpoint_id_foreign" foreign key ("endpoint_id") references "webhook_endpoints" ("id") on delete cascade`,
    )
  }
}
