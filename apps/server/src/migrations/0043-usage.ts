import { Migration } from '@mikro-orm/migrations'

/**
 * What accounts use of limited features. Both tables are new, and the previous version touches neither.
 *
 * Counters are written again and again: the room in their pages lets PostgreSQL write a new version of a row beside the
 * old one, without touching an index.
 */
export class Usage0043 extends Migration {
  override up(): void {
    this.addSql(
      `create table "usage_counters" ("account_id" uuid not null, "feature" varchar(64) not null, "per" text not null, "starts_at" timestamptz(6) not null, "used" bigint not null, "fits" boolean not null, "ends_at" timestamptz(6) null, "written_at" timestamptz(6) not null, primary key ("account_id", "feature", "per", "starts_at")) with (fillfactor = 70)`,
    )
    this.addSql(
      `alter table "usage_counters" add constraint "usage_counters_per_check" check ("per" in ('period', 'month', 'day', 'total'))`,
    )
    this.addSql(
      `alter table "usage_counters" add constraint "usage_counters_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade`,
    )
    this.addSql(
      `create index "usage_counters_ended" on "usage_counters" ("ends_at", "account_id", "feature", "per", "starts_at")`,
    )
    this.addSql(
      `create table "usage_entries" ("id" uuid not null, "account_id" uuid not null, "key" varchar(128) not null, "feature" varchar(64) not null, "per" text not null, "starts_at" timestamptz(6) not null, "asked" bigint not null, "reserve" int null, "state" text not null, "amount" bigint not null, "expires_at" timestamptz(6) null, "used" bigint not null, "limit" bigint null, "resets_at" timestamptz(6) null, "used_then" bigint null, "created_at" timestamptz(6) not null, primary key ("id"))`,
    )
    this.addSql(
      `alter table "usage_entries" add constraint "usage_entries_per_check" check ("per" in ('period', 'month', 'day', 'total'))`,
    )
    this.addSql(
      `alter table "usage_entries" add constraint "usage_entries_state_check" check ("state" in ('counted', 'denied', 'open', 'settled', 'returned', 'expired'))`,
    )
    this.addSql(`alter table "usage_entries" add constraint "usage_entries_key" unique ("account_id", "key")`)
    this.addSql(
      `create index "usage_entries_open" on "usage_entries" ("account_id", "feature", "per", "starts_at", "expires_at") where "state" = 'open'`,
    )
    this.addSql(`create index "usage_entries_due" on "usage_entries" ("expires_at", "id") where "state" = 'open'`)
  }
}
