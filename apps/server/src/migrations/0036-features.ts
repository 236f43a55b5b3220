import { Migration } from '@mikro-orm/migrations'

/**
 * A plan says what it allows, and an account can have overrides. The previous version knows neither: its plans allow
 * nothing by name.
 */
export class Features0036 extends Migration {
  override up(): void {
    this.addSql(`alter table "plans" add column if not exists "features" jsonb not null default '{}'`)
    this.addSql(
      `create table "entitlement_overrides" ("id" uuid not null, "account_id" uuid not null, "feature" varchar(64) not null, "value" jsonb not null, "until" timestamptz(6) null, "reason" varchar(500) not null, "created_at" timestamptz(6) not null, primary key ("id"))`,
    )
    this.addSql(
      `alter table "entitlement_overrides" add constraint "entitlement_overrides_of_account" unique ("account_id", "feature")`,
    )
    this.addSql(
      `alter table "entitlement_overrides" add constraint "entitlement_overrides_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade`,
    )
  }
}
