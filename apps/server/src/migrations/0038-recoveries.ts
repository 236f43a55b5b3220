import { Migration } from '@mikro-orm/migrations'

/**
 * Failed renewals and what becomes of them, the links that pay them without a login, and for which periods a card was
 * looked at. Only new tables: the previous version reads and writes none of them.
 */
export class Recoveries0038 extends Migration {
  override up(): void {
    this.addSql(
      `create table if not exists "recoveries" ("id" uuid not null, "account_id" uuid not null, "subscription_id" uuid not null, "provider" text not null, "provider_invoice_id" varchar(255) not null, "amount" bigint not null, "currency" varchar(3) not null, "since" timestamptz(6) not null, "action" text not null, "last_step" varchar(20) null, "next_step_at" timestamptz(6) null, "next_retry_at" timestamptz(6) null, "given_up_at" timestamptz(6) null, "ended_at" timestamptz(6) null, "outcome" text null, "created_at" timestamptz(6) not null, primary key ("id"), constraint "recoveries_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade, constraint "recoveries_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on delete cascade, constraint "recoveries_provider_check" check ("provider" in ('stripe', 'manual', 'paymob')), constraint "recoveries_action_check" check ("action" in ('pay', 'authenticate', 'update_card')), constraint "recoveries_outcome_check" check ("outcome" in ('recovered', 'voided', 'written_off', 'closed', 'ended')))`,
    )
    this.addSql(
      `create unique index if not exists "recoveries_one_open" on "recoveries" ("subscription_id") where "ended_at" is null`,
    )
    this.addSql(
      `create index if not exists "recoveries_due" on "recoveries" ("next_step_at", "id") where "ended_at" is null`,
    )
    this.addSql(
      `create index if not exists "recoveries_ended" on "recoveries" ("outcome", "ended_at", "id") where "ended_at" is not null`,
    )
    this.addSql(`create index if not exists "recoveries_newest" on "recoveries" ("since", "id")`)
    this.addSql(`create index if not exists "recoveries_account" on "recoveries" ("account_id")`)
    this.addSql(
      `create table if not exists "pay_links" ("id" uuid not null, "token_hash" varchar(64) not null, "recovery_id" uuid not null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, primary key ("id"), constraint "pay_links_token_unique" unique ("token_hash"), constraint "pay_links_recovery_id_foreign" foreign key ("recovery_id") references "recoveries" ("id") on delete cascade)`,
    )
    this.addSql(`create index if not exists "pay_links_recovery" on "pay_links" ("recovery_id")`)
    this.addSql(`create index if not exists "pay_links_expiry" on "pay_links" ("expires_at", "id")`)
    this.addSql(
      `create table if not exists "card_checks" ("subscription_id" uuid not null, "period_end" timestamptz(6) not null, "checked_at" timestamptz(6) not null, primary key ("subscription_id"), constraint "card_checks_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on update cascade on delete cascade)`,
    )
  }
}
